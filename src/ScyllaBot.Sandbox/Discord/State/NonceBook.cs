namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>
/// Remembers which message a nonce made, so that a repeat with enforce_nonce returns it ("the past few minutes": five here).
/// </summary>
internal sealed class NonceBook(TimeProvider time)
{
    private const int Keep = 1_000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(ulong Author, string Nonce), (Message Message, long At)> _seen = [];

    public Message? Find(ulong author, string nonce) =>
        _seen.TryGetValue((author, nonce), out var entry) && time.GetElapsedTime(entry.At) < Life ? entry.Message : null;

    public void Remember(ulong author, string nonce, Message message)
    {
        if (_seen.Count >= Keep)
        {
            foreach (var old in _seen.OrderBy(entry => entry.Value.At).Take(Keep / 2).Select(entry => entry.Key).ToList())
            {
                _seen.Remove(old);
            }
        }

        _seen[(author, nonce)] = (message, time.GetTimestamp());
    }
}

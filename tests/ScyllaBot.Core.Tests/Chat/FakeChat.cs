using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Tests.Chat;

/// <summary>A chat that keeps what it was told, remembers nonces for five minutes, and fails or hangs when a test says so.</summary>
internal sealed class FakeChat(TimeProvider time) : IChat
{
    private static readonly TimeSpan NonceMemory = TimeSpan.FromMinutes(5);
    private readonly List<Message> _messages = [];
    private int _ids;

    /// <summary>Asked before every call with its name and channel; an exception is what the caller gets, and nothing happens.</summary>
    public Func<string, string, Exception?> Fault { get; set; } = (_, _) => null;

    /// <summary>Asked after a post has happened: the caller gets the exception, the people got the message.</summary>
    public Func<Exception?> LosesAnswer { get; set; } = () => null;

    /// <summary>Channels whose calls never end.</summary>
    public HashSet<string> Stuck { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call, in order.</summary>
    public List<(DateTimeOffset At, string What, string Where)> Calls { get; } = [];

    public List<(DateTimeOffset At, MessageRef Message, string Thread, ImmutableArray<string> Lines)> Logs { get; } = [];

    public IReadOnlyList<Message> Messages => _messages;

    public Message Only => _messages.Single();

    public IEnumerable<DateTimeOffset> At(string what) => Calls.Where(c => c.What == what).Select(c => c.At);

    public void Delete(MessageRef message) => _messages.RemoveAll(m => m.Ref == message);

    public async Task<MessageRef> PostAsync(string channel, Notice notice, string nonce, CancellationToken ct)
    {
        await CallAsync("post", channel, ct);
        var known = _messages.FirstOrDefault(m => m.Nonce == nonce && time.GetUtcNow() - m.At < NonceMemory);
        var message = known ?? new Message(new MessageRef($"{channel}/{++_ids}"), channel, nonce, time.GetUtcNow(), notice);
        if (known is null)
        {
            _messages.Add(message);
        }

        return LosesAnswer() is { } lost ? throw lost : message.Ref;
    }

    public async Task<MessageRef?> FindAsync(string channel, string nonce, CancellationToken ct)
    {
        await CallAsync("find", channel, ct);
        return _messages.FirstOrDefault(m => m.Channel == channel && m.Notice.Footer.EndsWith(" " + nonce, StringComparison.Ordinal))?.Ref;
    }

    public async Task UpdateAsync(MessageRef message, Notice notice, CancellationToken ct)
    {
        await CallAsync("edit", message.Value, ct);
        var at = _messages.FindIndex(m => m.Ref == message);
        _messages[at >= 0 ? at : throw new MessageGoneException("deleted")] = _messages[at] with { Notice = notice };
    }

    public async Task LogAsync(MessageRef message, string threadName, IReadOnlyList<string> lines, CancellationToken ct)
    {
        await CallAsync("log", message.Value, ct);
        if (_messages.All(m => m.Ref != message))
        {
            throw new MessageGoneException("deleted");
        }

        Logs.Add((time.GetUtcNow(), message, threadName, [.. lines]));
    }

    private async Task CallAsync(string what, string where, CancellationToken ct)
    {
        await Task.Yield();
        Calls.Add((time.GetUtcNow(), what, where));
        if (Stuck.Contains(where))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        }

        if (Fault(what, where) is { } fault)
        {
            throw fault;
        }
    }

    public sealed record Message(MessageRef Ref, string Channel, string Nonce, DateTimeOffset At, Notice Notice);
}

/// <summary>Always the middle: waits are seven eighths of what they could be.</summary>
internal sealed class EvenRandom : IRandom
{
    public double NextDouble() => 0.5;

    public void NextBytes(Span<byte> bytes) => bytes.Clear();
}

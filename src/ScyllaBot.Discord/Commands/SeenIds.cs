namespace ScyllaBot.Discord.Commands;

/// <summary>Interaction ids of the last quarter of an hour: the gateway may deliver an event more than once.</summary>
internal sealed class SeenIds(TimeProvider time)
{
    private const int Kept = 4096;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _order = new();

    /// <returns>False when it was seen before.</returns>
    public bool Add(string id)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= Kept || time.GetElapsedTime(oldest.At) > Life))
            {
                _ids.Remove(_order.Dequeue().Id);
            }

            if (!_ids.Add(id))
            {
                return false;
            }

            _order.Enqueue((id, time.GetTimestamp()));
            return true;
        }
    }
}

using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Plans that were shown here, by the id of the request that asked. Forgotten after a quarter of an hour.</summary>
internal sealed class ShownPlans(TimeProvider time)
{
    private const int Kept = 200;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Plan Plan, long At)> _plans = new(StringComparer.Ordinal);

    public void Keep(string id, Plan plan)
    {
        lock (_gate)
        {
            foreach (var old in _plans.Where(p => time.GetElapsedTime(p.Value.At) > Life).Select(p => p.Key).ToArray())
            {
                _plans.Remove(old);
            }

            if (_plans.Count >= Kept)
            {
                _plans.Remove(_plans.MinBy(p => p.Value.At).Key);
            }

            _plans[id] = (plan, time.GetTimestamp());
        }
    }

    /// <returns>Null when there is none any more. It stays: a start may be asked for twice because its answer was lost.</returns>
    public Plan? Find(string id)
    {
        lock (_gate)
        {
            return _plans.TryGetValue(id, out var shown) && time.GetElapsedTime(shown.At) <= Life ? shown.Plan : null;
        }
    }
}

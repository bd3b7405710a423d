using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Plans that were shown here, by the id of the request that asked. Forgotten after a quarter of an hour.</summary>
internal sealed class ShownPlans(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Remembered<Plan> _plans = new(time, TimeSpan.FromMinutes(15), most: 200);

    public void Keep(string id, Plan plan)
    {
        lock (_gate)
        {
            _plans.Keep(id, plan);
        }
    }

    /// <returns>Null when there is none any more. It stays: a start may be asked for twice because its answer was lost.</returns>
    public Plan? Find(string id)
    {
        lock (_gate)
        {
            return _plans.TryFind(id, out var plan) ? plan : null;
        }
    }
}

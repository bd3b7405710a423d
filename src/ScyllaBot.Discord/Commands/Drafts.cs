using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// Plans that were shown and not yet started, by the id of the command that asked. Forgotten after 14 minutes, when Discord's token
/// ends too.
/// </summary>
internal sealed class Drafts(TimeProvider time)
{
    private const int Kept = 200;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(14);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Plan Plan, string Person, long At)> _drafts = new(StringComparer.Ordinal);

    public void Keep(string id, Plan plan, string person)
    {
        lock (_gate)
        {
            foreach (var (old, _) in _drafts.Where(d => time.GetElapsedTime(d.Value.At) > Life).ToArray())
            {
                _drafts.Remove(old);
            }

            if (_drafts.Count >= Kept)
            {
                _drafts.Remove(_drafts.MinBy(d => d.Value.At).Key);
            }

            _drafts[id] = (plan, person, time.GetTimestamp());
        }
    }

    /// <returns>Null when there is none any more, or it is somebody else's. Gives each draft once.</returns>
    public Plan? Take(string id, string person)
    {
        lock (_gate)
        {
            if (!_drafts.TryGetValue(id, out var draft) || draft.Person != person || time.GetElapsedTime(draft.At) > Life)
            {
                return null;
            }

            _drafts.Remove(id);
            return draft.Plan;
        }
    }
}

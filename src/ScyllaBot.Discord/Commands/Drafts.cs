using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// Plans that were shown and not yet started, by the id of the command that asked. Forgotten after 14 minutes, when Discord's token
/// ends too.
/// </summary>
internal sealed class Drafts(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Remembered<(Plan Plan, string Person)> _drafts = new(time, TimeSpan.FromMinutes(14), most: 200);

    public void Keep(string id, Plan plan, string person)
    {
        lock (_gate)
        {
            _drafts.Keep(id, (plan, person));
        }
    }

    /// <returns>Null when there is none any more, or it is somebody else's. Gives each draft once.</returns>
    public Plan? Take(string id, string person)
    {
        lock (_gate)
        {
            if (!_drafts.TryFind(id, out var draft) || draft.Person != person)
            {
                return null;
            }

            _drafts.Remove(id);
            return draft.Plan;
        }
    }
}

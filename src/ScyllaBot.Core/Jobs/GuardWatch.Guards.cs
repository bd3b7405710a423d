using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class GuardWatch
{
    private string? _unreadGuard;

    private async Task<GuardLook> GuardsAsync(CancellationToken ct)
    {
        var broken = ImmutableArray.CreateBuilder<ViewTrouble>();
        var unknown = default(string);
        foreach (var guard in run.Bound.Workflow.Guards.Select(g => g.Condition))
        {
            var context = run.Context(new StepKey("guard", null), 0, new NodeRollout(run, -1));
            try
            {
                if (await guard.WhyNotAsync(context, ct) is { } why)
                {
                    broken.Add(Broken(guard.Title, why));
                }
            }
            catch (RecoverableException unreadable)
            {
                unknown ??= $"guard {guard.Title} can not be read: {unreadable.Message}";
                if (_unreadGuard != unreadable.Message)
                {
                    Log($"Guard {guard.Title} can not be read: {_unreadGuard = unreadable.Message}");
                }
            }
            catch (UnrecoverableException never)
            {
                broken.Add(Broken(guard.Title, never.Message));
            }
        }

        return new GuardLook(broken.ToImmutable(), unknown);
    }

    private static ViewTrouble Broken(string title, string why) => new(null, $"{title}: {why}") { Guard = title };

    /// <summary>After a restart: the guard that the job holds for is counted already.</summary>
    private static IEnumerable<string> GuardOf(JobRun run, HoldState hold) => hold.Node is not null ? [] : run.Bound.Workflow.Guards
        .Select(g => g.Condition.Title).Where(t => hold.Why.StartsWith($"{t}: ", StringComparison.Ordinal)).Select(t => $"guard {t}");

    /// <summary>The workflow's own guards at one look. One that can not be read is neither true nor false: no reason to hold, and none to go on.</summary>
    /// <param name="Unknown">Which one can not be read, and why; null: all are known.</param>
    private sealed record GuardLook(ImmutableArray<ViewTrouble> Broken, string? Unknown)
    {
        public bool AllKnown => Unknown is null;
    }
}

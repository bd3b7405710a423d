using System.Globalization;

namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>
    /// What was done to a node before it was brought up again is undone by that: it runs. So its steps begin anew at the one that took it down,
    /// as further attempts (R11): the middle of them belongs on a node that is down, and without them it would count as done.
    /// </summary>
    private Job BeginAnew(DateTimeOffset now)
    {
        var steps = Steps.ToBuilder();
        foreach (var (node, from) in BroughtUp.Where(b => !SkippedNodes.ContainsKey(b.Key)))
        {
            foreach (var (key, step) in Steps.Where(s => s.Key.Node == node && IsFrom(from, s.Key)))
            {
                steps[key] = step with
                {
                    Status = StepStatus.Failed, Failures = 0, FirstStarted = null, Deadline = null, RetryAt = now, Updated = now,
                    Why = $"{node} was brought up since: it begins anew", Unsettled = step.Status == StepStatus.Succeeded ? [] : step.Unsettled,
                };
            }
        }

        return this with { Steps = steps.ToImmutable(), BroughtUp = BroughtUp.Clear() };
    }

    /// <summary>A step of the same node workflow, the given one or a later one; restore steps are none of them.</summary>
    private static bool IsFrom(StepKey first, StepKey key) => (first.Path.Split('.'), key.Path.Split('.')) is ([var a, var from], [var b, var at])
        && a == b && int.TryParse(from, CultureInfo.InvariantCulture, out var i) && int.TryParse(at, CultureInfo.InvariantCulture, out var k) && k >= i;
}

using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>Between which of a node's steps it is held: from its first <c>takes_down</c> until its last health wait has passed (R2).</summary>
internal static class HeldSteps
{
    /// <returns>Indexes of the first and the last of them; null when no step takes the node down.</returns>
    public static (int First, int Last)? Of(IReadOnlyList<Step<NodeContext>> steps)
    {
        var first = -1;
        var lastWait = -1;
        for (var i = 0; i < steps.Count; i++)
        {
            first = first < 0 && steps[i].Tag.Direction == Direction.TakesDown ? i : first;
            lastWait = steps[i].Task is WaitForConditions ? i : lastWait;
        }

        return first < 0 ? null : (first, lastWait > first ? lastWait : steps.Count - 1);
    }

    /// <summary>The next step belongs on a node that the first one took down: it lies between that one and what brings the node up, or waits for it.</summary>
    public static bool NeedsDown(IReadOnlyList<Step<NodeContext>> steps, int first, int next)
    {
        var up = first + 1;
        while (up < steps.Count && steps[up].Tag.Direction != Direction.BringsUp && steps[up].Task is not WaitForConditions)
        {
            up++;
        }

        return first < next && next < up;
    }

    /// <summary>A node that is held is let go when this step has passed. Whatever holds it once more after its last wait ends with the steps.</summary>
    public static bool EndsWith(IReadOnlyList<Step<NodeContext>> steps, int step) => step == steps.Count - 1 || Of(steps)?.Last == step;
}

using System.Collections;
using System.Reflection;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What an always step of an aborted job can not undo now stays owed on the cluster and is tried again later (architecture, section 5).</summary>
internal static class AlwaysDebts
{
    private static readonly TimeSpan Within = TimeSpan.FromHours(24);

    /// <summary>A step that pays what this job owes need not pass before an aborted job ends: the debt is on record.</summary>
    public static Step<ClusterContext> Tolerant(Job job, Step<ClusterContext> step)
    {
        var pays = step.Task.GetType().GetCustomAttributes<PaysAttribute>().Select(p => p.Kind).ToArray();
        return job.Abort is not null && job.Owed.Any(d => d.Undo.ByItself && pays.Contains(d.Kind)) ? step with { OnFailure = OnFailure.Continue } : step;
    }

    /// <summary>A step that was given up becomes a debt of its own, unless one of its kind is on record.</summary>
    public static Task KeepAsync(JobRun run, Step<ClusterContext> step, StepKey key) => run.AppendAsync(job =>
        job.Abort is null || job.Step(key) is not { Status: StepStatus.Skipped } given || IsKnown(job, step, key) || InputsOf(step.Task) is not { } inputs ? []
            : [Debt(run.Time.GetUtcNow(), step, key, given.Why ?? "", inputs)]);

    private static bool IsKnown(Job job, Step<ClusterContext> step, StepKey key)
    {
        var pays = step.Task.GetType().GetCustomAttributes<PaysAttribute>().Select(p => p.Kind).ToArray();
        return job.Debts.Values.Any(d => (d.Kind == DebtKind.Always && d.Subject == key.Path) || pays.Contains(d.Kind));
    }

    private static DebtOpened Debt(DateTimeOffset now, Step<ClusterContext> step, StepKey key, string why, ImmutableSortedDictionary<string, string> inputs) => new(
        now, key, DebtKind.Always, key.Path, $"{step.Title} at the end of the job did not pass: {why}", now + Within, DebtNature.Owed,
        new DebtUndo(step.Tag.Name, null, inputs, step.Tag is { Risk: Risk.None or Risk.Low, Direction: not Direction.TakesDown }));

    /// <returns>Inputs as somebody would type them; null when one can not be typed.</returns>
    internal static ImmutableSortedDictionary<string, string>? InputsOf(object task)
    {
        var inputs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var input in Input.AllOf(task.GetType()))
        {
            var value = input.Property.GetValue(task);
            if (Equals(value, input.Default) || value is null or ICollection { Count: 0 })
            {
                continue;
            }

            if (TextOf(value) is not { } text)
            {
                return null;
            }

            inputs.Add(input.Name, text);
        }

        return inputs.ToImmutable();
    }

    private static string? TextOf(object value) => value switch
    {
        string text => text,
        TimeSpan or bool or Enum or IFormattable => Input.Spell(value),
        IEnumerable<string> list when list.All(i => !i.Contains(',', StringComparison.Ordinal)) => string.Join(", ", list),
        _ => null,
    };
}

using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Discord.Commands;

/// <summary>A plan for the person who asked: what would happen, in which order, and why it is safe (R15).</summary>
internal static class PlanCard
{
    /// <summary>Of one zone: an embed has 6000 characters for all of it.</summary>
    private const int ShownNodes = 20;

    private const string StartPrefix = "scp:plan:start:";

    private const string CancelPrefix = "scp:plan:cancel:";

    /// <param name="plan">What would happen.</param>
    /// <param name="draft">Id it can be started by; null = only to be looked at.</param>
    /// <param name="sandbox">Nothing real is touched.</param>
    public static Notice Of(Plan plan, string? draft, bool sandbox) => NoticeLimits.Fit(
        new Notice(plan.Concerns.IsEmpty ? Severity.Info : Severity.Warning,
            $"Plan: {Markup.Escape(plan.Title, 120)} on {Markup.Escape(plan.Cluster.Name, 60)}")
        {
            Body = TextLines.Of(Waves(plan.Waves), 1500),
            Parts =
            [
                new("🔒 Can not be started", TextLines.Plain(plan.WhyNoStart ?? "")),
                new("Steps", TextLines.Of(plan.Steps.Select(Step), 750)),
                new("Is it safe?", TextLines.Of(plan.Verdict.Select(TextLines.Plain), 700)),
                new("⚠ Does not hold right now", TextLines.Of(plan.Concerns.Select(TextLines.Plain), 400)),
                new("⏳ Would wait now", TextLines.Of(plan.Waits.Select(TextLines.Plain), 350)),
                new("Debts", TextLines.Of(plan.Debts.Select(TextLines.Plain), 300)),
                new("Who is asked", TextLines.Of(plan.Approvals.Select(TextLines.Plain), 400)),
                new("Asked for", TextLines.Of(Scope(plan), 250)),
                new("↩ Undo", TextLines.Of(Undo(plan), 400)),
                new("Takes", Markup.Escape(plan.Expected, 120), Inline: true),
                new("Reason", Markup.Escape(plan.Request.Reason, 120), Inline: true),
                new("Variables", TextLines.Of(plan.Variables.Select(v => Markup.Code($"{v.Key}={v.Value}", 120)), 250)),
            ],
            Choices = draft is null || plan.WhyNoStart is not null
                ? []
                : [new(StartPrefix + draft, "Start", ChoiceKind.Good), new(CancelPrefix + draft, "Cancel", ChoiceKind.Plain)],
            Footer = $"plan {Markup.Cut(plan.Hash, 12)} · {(sandbox ? "sandbox" : plan.Cluster.Environment.ToString().ToLowerInvariant())}",
        });

    /// <returns>The draft and whether to start it; null when the button is none of a plan's.</returns>
    public static (string Draft, bool Start)? TryParse(string customId)
    {
        if (customId.StartsWith(StartPrefix, StringComparison.Ordinal))
        {
            return (customId[StartPrefix.Length..], true);
        }

        return customId.StartsWith(CancelPrefix, StringComparison.Ordinal) ? (customId[CancelPrefix.Length..], false) : null;
    }

    /// <summary>What cannot be undone first: it is what somebody must see.</summary>
    private static IEnumerable<string> Undo(Plan plan) => plan.Steps.Where(s => s.Undo.Length > 0).DistinctBy(s => (s.Title, s.Undo)).OrderByDescending(s => s.IsPointOfNoReturn)
        .Select(s => s.IsPointOfNoReturn
            ? $"🚫 **{Markup.Escape(s.Title, 80)}**: no way back: {Markup.Escape(s.Undo, 160)}"
            : $"{Markup.Escape(s.Title, 80)}: {Markup.Escape(s.Undo, 120)}");

    private static IEnumerable<string> Scope(Plan plan)
    {
        if (plan.Scope.Limit is { } limit)
        {
            yield return $"at most {limit} at once";
        }

        if (plan.Scope.StopAfter is { } after)
        {
            yield return plan.Scope.Left.IsEmpty ? $"stop after {after}: that is all of them"
                : $"stop after {after}; left for another job: {plan.Scope.Left.Length} ({string.Join(", ", plan.Scope.Left.Take(5).Select(n => Markup.Code(n, 40)))}{(plan.Scope.Left.Length > 5 ? " …" : "")})";
        }

        if (plan.Request.From is { } from)
        {
            yield return $"only what {(from.Share == JobShare.Failed ? "failed in" : "is left over of")} job {Markup.Code(from.Job.Value, 40)}";
        }

        if (!plan.Scope.KnownDown.IsEmpty)
        {
            yield return $"known down: {string.Join(", ", plan.Scope.KnownDown.Take(6).Select(k => Markup.Code(k.Name, 40)))}";
        }
    }

    /// <summary>Where there is more than one rollout each has its title above its waves, or a zone seems to come twice.</summary>
    private static IEnumerable<string> Waves(ImmutableArray<PlanWave> waves)
    {
        var isOne = waves.Select(w => w.Rollout).Distinct(StringComparer.Ordinal).Count() <= 1;
        return waves.SelectMany((wave, i) => isOne || (i > 0 && waves[i - 1].Rollout == wave.Rollout)
            ? Wave(wave, i)
            : Wave(wave, i).Prepend(Markup.Escape(wave.Rollout, 100)));
    }

    private static IEnumerable<string> Wave(PlanWave wave, int index)
    {
        var together = wave.Limit == 1 ? "one at a time" : $"up to {wave.Limit} together";
        yield return $"**{index + 1}. {Markup.Escape(wave.Name, 80)}** ({together})";
        var more = wave.Nodes.Length > ShownNodes ? $" … {wave.Nodes.Length - ShownNodes} more" : "";
        yield return string.Join(" → ", wave.Nodes.Take(ShownNodes).Select(n => Markup.Code(n, 60))) + more;
    }

    private static string Step(PlanStep step)
    {
        var way = step.Direction switch
        {
            Direction.TakesDown => "⬇ ",
            Direction.BringsUp => "⬆ ",
            _ => "",
        };
        var risk = step.Risk >= Risk.Disruptive ? $" ({step.Risk.ToString().ToLowerInvariant()})" : "";
        var detail = step.Detail.Length > 0 ? $": {Markup.Escape(step.Detail, 100)}" : "";
        return $"{Markup.Code(step.Path, 20)} {way}{Markup.Escape(step.Title, 80)}{detail}{risk}";
    }
}

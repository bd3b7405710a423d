using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>A plan line by line: what would happen, in which order, and why it is safe (R15).</summary>
internal static class PlanPicture
{
    private const int ShownNodes = 20;

    public static IEnumerable<ToneLine> Of(PlanView plan)
    {
        yield return new(Tone.Title, $"{Clean.Line(plan.Title, 120)} on {Clean.Line(plan.Cluster, 60)} ({Input.Spell(plan.Environment)}), {plan.Targets.Length} nodes");
        foreach (var (wave, number) in plan.Waves.Select((w, i) => (w, i + 1)))
        {
            var more = wave.Nodes.Length > ShownNodes ? $" and {wave.Nodes.Length - ShownNodes} more" : "";
            yield return new(Tone.Plain, $"  {number}. {Clean.Line(wave.Name, 80)} ({(wave.Limit == 1 ? "one at a time" : $"up to {wave.Limit} together")})");
            yield return new(Tone.Quiet, $"     {string.Join(", ", wave.Nodes.Take(ShownNodes).Select(n => Clean.Line(n, 64)))}{more}");
        }

        foreach (var line in plan.Steps.SelectMany(Step).Prepend(new(Tone.Title, "Steps")))
        {
            yield return line;
        }

        (string Title, Tone Tone, IEnumerable<string> Lines)[] parts =
        [
            ("Can not be started", Tone.Warning, plan.WhyNoStart is { } why ? [why] : []),
            ("Is it safe?", Tone.Plain, plan.Verdict), ("Does not hold right now", Tone.Warning, plan.Concerns), ("Would wait now for", Tone.Plain, plan.Waits),
            ("Debts", Tone.Plain, plan.Debts), ("Who is asked", Tone.Plain, plan.Approvals), ("Asked for", Tone.Plain, plan.Scope),
            ("Variables", Tone.Plain, plan.Variables.Select(v => $"{v.Key}={v.Value}")), ("Takes", Tone.Plain, plan.Expected.Length > 0 ? [plan.Expected] : []),
        ];
        foreach (var (title, tone, lines) in parts.Where(p => p.Lines.Any()))
        {
            yield return new(Tone.Title, title);
            foreach (var line in lines)
            {
                yield return new(tone, $"  {Spoken.Line(line, 500)}");
            }
        }

        yield return new(Tone.Quiet, $"plan {Clean.Line(plan.Hash[..Math.Min(12, plan.Hash.Length)])}");
    }

    private static IEnumerable<ToneLine> Step(PlanStepView step)
    {
        var way = step.Direction switch { Direction.TakesDown => "v ", Direction.BringsUp => "^ ", _ => "  " };
        var detail = step.Detail.Length > 0 ? $": {Clean.Line(step.Detail, 120)}" : "";
        var risk = step.Risk >= Risk.Disruptive ? $" ({Input.Spell(step.Risk)})" : "";
        yield return new(
            step.Risk == Risk.Destructive ? Tone.Bad : Tone.Plain, $"  {Clean.Line(step.Path, 20),-6} {way}{Clean.Line(step.Title, 100)}{detail}{risk}");
        if (step.Undo.Length > 0 && step.IsPointOfNoReturn)
        {
            yield return new(Tone.Bad, $"           no way back: {Clean.Line(step.Undo, 200)}");
        }
    }
}

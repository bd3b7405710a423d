using System.Globalization;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Why a job waits, in sentences with numbers: what <c>/scp why</c> says.</summary>
internal static class WhyText
{
    public static ImmutableArray<string> Of(LiveJob live, DateTimeOffset now)
    {
        var job = live.Job;
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(State(live, now));
        lines.AddRange(job.IsOpen ? job.Questions.Values.Where(q => q.IsOpen).Select(q => Question(q, live.Plan)) : []);
        lines.AddRange(live.Waits.SelectMany(w => Wait(w, live.Plan, now)));
        lines.AddRange(job.Held.Values.Select(h => Held(h, live, now)));
        if (live.NextNodes.Length > 0 && job.State is JobState.Running or JobState.Holding)
        {
            lines.Add($"Next is {live.NextNodes[0]}{(live.WhyNotNext is { } why ? $"; not yet, because {why}" : "")}.");
            lines.AddRange(live.WhyNot.Where(w => w.Node != live.NextNodes[0]).Select(w => $"Not {w.Node} either: {w.Why}."));
        }

        return lines.ToImmutable();
    }

    /// <summary>A number as a card shows it: value, bound, how it was before, where it goes.</summary>
    public static string Short(ObservedReading reading)
    {
        var (last, unit) = (reading.Last, reading.Last.Unit.Length == 0 ? "" : " " + reading.Last.Unit);
        var bound = last.Bound is { } most ? $" of at most {Number(most)}{unit}" : "";
        var before = last.Baseline is { } baseline ? $", {Number(baseline)}{unit} before" : "";
        return $"{last.Name} {Number(last.Value)}{(last.Bound is null ? unit : "")}{bound}{before}, {Word(reading)}";
    }

    private static string State(LiveJob live, DateTimeOffset now) => live.Job switch
    {
        { State: JobState.Waiting, AwaitsLease: false } job when live.Fleet is null => $"It waits for {job.Approvals.Values.Count(a => a.IsOpen)} approval.",
        { State: JobState.Halted, Halt: { } halt } => $"It is halted: {halt.Why} {halt.SafeNow}",
        { IsOpen: true } when live.Fleet is { } halt => halt.Sentence,
        { IsUnlocked: true, Pause: { } pause } => $"{pause.By.Name} took its lease away: {pause.Why}; /scp abort ends it, /scp handback plans it anew.",
        { Pause: { Cause: PauseCause.ByHand } pause } => $"{pause.By.Name} works on it by hand: {pause.Why}; /scp handback goes on.",
        { Pause: { Cause: PauseCause.Yield, For: { } other } } => $"It has given the cluster to job {other} and goes on by itself.",
        { AwaitsLease: true } => "It waits for the cluster: the job that has it finishes its present unit first.",
        { State: JobState.Paused } => "It is paused at a safe point; /scp resume goes on.",
        { State: JobState.Ended, End: { } end } => $"It has ended: {end.Why}.",
        { State: JobState.Holding, Hold: { } hold } => $"It is holding for {Seconds(now - hold.Since)}: {hold.Why}. No further node is taken down; "
            + (live.GoesOn is { } at ? $"nothing is wrong now and it goes on by itself in {Seconds(at - now)}." : "it goes on by itself once everyone's view has been in order for a while."),
        { State: var state } => $"It is {JobControl.Word(state)}.",
    };

    private static string Question(QuestionState question, Plan? plan) =>
        $"{Name(question.Asked.Key, plan)} asks: {question.Asked.Text} ({(question.Asked.Choices.IsEmpty ? "free text" : string.Join(", ", question.Asked.Choices))}); /scp answer.";

    private static IEnumerable<string> Wait(LiveWait wait, Plan? plan, DateTimeOffset now)
    {
        var state = wait.Why ?? $"holds for {Seconds(wait.HeldFor)} of {Seconds(wait.Window)}";
        var reset = wait.LastReset is { } at ? $" Last reset {Seconds(now - at)} ago: {wait.LastResetWhy}." : "";
        var then = wait.Then switch
        {
            OnFailure.SkipNode => "skips the node then",
            OnFailure.Continue => "goes on without it then",
            _ => "halts then and calls you",
        };
        var window = wait is { Why: not null, Window.Ticks: > 0 } ? $" It must hold for {Seconds(wait.Window)} without a break." : "";
        yield return $"{Name(wait.Key, plan)}: {wait.Condition}: {state}. Waiting for {Seconds(now - wait.Since)}; "
            + (wait.GivesUp == DateTimeOffset.MaxValue ? "it waits as long as that takes." : $"gives up in {Seconds(wait.GivesUp - now)} and {then}.{window}{reset}");
        foreach (var reading in wait.Readings)
        {
            yield return $"  {Short(reading)}{Trend(reading)}; from {reading.Last.Source}.";
        }
    }

    private static string Held(HeldNode held, LiveJob live, DateTimeOffset now) => live.UpAgain.TryGetValue(held.Node, out var up)
        ? $"{held.Node} is held by us for {Seconds(now - held.Since)}; everyone sees it up again, and its process runs for {Seconds(now - up)}."
        : $"{held.Node} is down by us for {Seconds(now - held.Since)}.";

    private static string Name(StepKey key, Plan? plan) =>
        PlanSteps.TitleOf(plan, key) is { } title ? $"{key} ({title})" : $"{key}";

    private static string Trend(ObservedReading reading) => reading.Trend.Length < 2 ? ""
        : $" ({string.Join(" → ", reading.Trend.TakeLast(5).Select(p => Number(p.Value)))}; {Seconds(reading.Span)} ago it was {Number(reading.Trend[0].Value)})";

    private static string Word(ObservedReading reading) => reading.Trend.Length < 2 ? "seen once" : reading.Direction switch
    {
        > 0 => "rising",
        < 0 => "falling",
        _ => "flat",
    };

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => Lengths.Of(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));
}

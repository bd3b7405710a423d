using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>How a job stands, line by line: what <c>job show</c> prints and what the live view draws anew.</summary>
internal static class JobPicture
{
    private const int BarWidth = 20;
    private const int MostNodesInALine = 40;

    public static IEnumerable<ToneLine> Of(JobView job) =>
        [.. Head(job), .. Trouble(job), .. Zones(job), .. AtWork(job), .. Waits(job), .. Next(job), .. Asked(job), .. Debts(job), .. View(job)];

    /// <summary>A job's state as a word.</summary>
    public static string Word(JobState state, JobOutcome? outcome) => outcome is { } how ? Input.Spell(how) : Input.Spell(state);

    public static Tone ToneOf(JobState state, JobOutcome? outcome) => (state, outcome) switch
    {
        (_, JobOutcome.Succeeded) => Tone.Good,
        (_, JobOutcome.Aborted or JobOutcome.Refused) => Tone.Warning,
        (JobState.Halted, _) => Tone.Bad,
        (JobState.Running, _) => Tone.Plain,
        _ => Tone.Warning,
    };

    private static IEnumerable<ToneLine> Head(JobView job)
    {
        var done = job.Nodes.Count(n => n.State == NodeProgressState.Done);
        var nodes = job.Nodes.IsEmpty ? "" : $"  {done}/{job.Nodes.Length} nodes done";
        yield return new(Tone.Title, $"{Clean.Line(job.Title, 120)} on {Clean.Line(job.Cluster, 60)}");
        yield return new(ToneOf(job.State, job.Outcome), $"{job.Id}  {Word(job.State, job.Outcome).ToUpperInvariant()}{nodes}{After("  ", job.EndWhy, 300)}");
        yield return new(
            Tone.Quiet, $"{Clean.Line(job.Workflow, 60)}, by {Clean.Line(job.Operator.Name, 40)} since {Moments.Of(job.Created)}{After(": ", job.Reason, 200)}");
    }

    private static IEnumerable<ToneLine> Trouble(JobView job)
    {
        if (job.FleetHalt is { } fleet)
        {
            yield return new(Tone.Bad, Spoken.Line(fleet, 300));
        }

        if (job.Halt is { } halt)
        {
            var kind = halt.Recoverable ? "recoverable; its attempts are used up" : "unrecoverable; another attempt may do harm";
            yield return new(Tone.Bad, $"Halted since {Moments.Of(halt.Since)}{After(" at ", halt.Step, 100)}: {Spoken.Line(halt.Why, 500, job.Id)}");
            yield return new(Tone.Plain, $"  {kind}. Safe now: {Spoken.Line(halt.SafeNow, 300, job.Id)}");
        }

        if (job.Hold is { } hold)
        {
            yield return new(Tone.Warning, $"Holding since {Moments.Of(hold.Since)}: {Spoken.Line(hold.Why, 300, job.Id)}");
            yield return new(Tone.Plain, hold.GoesOn is { } at
                ? $"  in order now; goes on at {Moments.Of(at)} if it stays so" : "  goes on by itself once it has been in order for a while");
        }

        if (job.Pause is { } pause)
        {
            yield return new(Tone.Warning, $"{Pauses(pause)} by {Clean.Line(pause.By.Name, 40)} since {Moments.Of(pause.Since)}{After(": ", pause.Why, 200)}");
        }

        foreach (var moving in job.InFlight)
        {
            yield return new(Tone.Warning, $"Aborting waits for {Clean.Line(moving.Host, 64)}: {Clean.Line(moving.What, 100)}. {Clean.Line(moving.WayOut, 250)}");
        }
    }

    private static string After(string before, string? text, int max) => text is { Length: > 0 } ? before + Clean.Line(text, max) : "";

    private static string Pauses(JobPause pause) => pause.Cause switch
    {
        PauseCause.ByHand => pause.HandsOff ? "By hand" : "Being taken over",
        PauseCause.Yield => "Yields to another job,",
        PauseCause.FleetHalt => "Halted with everything",
        _ => "Paused",
    };

    private static IEnumerable<ToneLine> Zones(JobView job)
    {
        foreach (var zone in job.Nodes.GroupBy(n => n.Zone, StringComparer.Ordinal))
        {
            var marks = string.Concat(zone.Take(MostNodesInALine).Select(n => Mark(n.State)));
            var done = zone.Count(n => n.State == NodeProgressState.Done);
            yield return new(done == zone.Count() ? Tone.Good : Tone.Plain, $"  {Clean.Line(zone.Key, 40),-16} {marks} {done}/{zone.Count()}");
        }

        if (!job.Nodes.IsEmpty)
        {
            yield return new(Tone.Quiet, "  # done  v down by us  > at work  X failed  - skipped  . to do");
        }
    }

    private static char Mark(NodeProgressState state) => state switch
    {
        NodeProgressState.Done => '#',
        NodeProgressState.Held => 'v',
        NodeProgressState.Working => '>',
        NodeProgressState.Failed => 'X',
        NodeProgressState.Skipped => '-',
        _ => '.',
    };

    private static IEnumerable<ToneLine> AtWork(JobView job)
    {
        foreach (var node in job.Nodes.Where(n => n.Step is not null && n.State is NodeProgressState.Working or NodeProgressState.Held or NodeProgressState.Failed).Take(20))
        {
            var down = (node.HeldSince, node.UpSince) switch
            {
                ({ } since, { } up) => $", held by us since {Moments.Of(since)}; everyone sees it up again, its process runs since {Moments.Of(up)}",
                ({ } since, null) => $", down by us since {Moments.Of(since)}",
                _ => "",
            };
            yield return new(node.State == NodeProgressState.Failed ? Tone.Bad : Tone.Plain, $"  {Clean.Line(node.Node, 64)}: {Clean.Line(node.Step, 80)}{down}");
        }

        // The step of the cluster that sends nodes to work says nothing beside them, and nothing at all once the job has ended: then its plan, which has the title, is gone.
        var isAlone = job.State != JobState.Ended && job.Nodes.All(n => n.Step is null);
        foreach (var step in isAlone ? job.Steps.Where(s => s is { Node: null, Status: StepStatus.Started, Title.Length: > 0 }).Take(5) : [])
        {
            yield return new(Tone.Plain, $"  {Clean.Line(step.Title, 80)}{(step.Attempt > 1 ? $", attempt {step.Attempt}" : "")}");
        }
    }

    private static IEnumerable<ToneLine> Waits(JobView job)
    {
        foreach (var wait in job.State == JobState.Ended ? [] : job.Waits.Take(20))
        {
            var node = wait.Node is null ? "" : $"{Clean.Line(wait.Node, 64)} ";
            var until = wait.GivesUp is { } at ? $", gives up at {Moments.Of(at)}" : "";
            yield return wait.Why is { } why
                ? new(Tone.Warning, $"  waits: {node}{Clean.Line(wait.Condition, 80)}: {Spoken.Line(why, 200, job.Id)}{until}")
                : new(Tone.Plain, $"  holds: {node}{Clean.Line(wait.Condition, 80)} {Bar(wait.HeldForSeconds, wait.WindowSeconds)}{until}");
            foreach (var reading in wait.Readings.Take(3))
            {
                yield return new(Tone.Quiet, $"         {Clean.Line(reading, 160)}");
            }
        }
    }

    /// <summary>How much of its window a condition has held.</summary>
    private static string Bar(double held, double window)
    {
        if (window <= 0)
        {
            return "";
        }

        var full = (int)Math.Clamp(held / window * BarWidth, 0, BarWidth);
        return FormattableString.Invariant($"[{new string('=', full)}{new string(' ', BarWidth - full)}] {held:0}/{window:0} s");
    }

    private static IEnumerable<ToneLine> Next(JobView job)
    {
        if (job.State != JobState.Ended && (!job.NextNodes.IsEmpty || job.WhyNotNext is not null))
        {
            var not = job.WhyNotNext is { } why ? $"{(job.NextNodes.IsEmpty ? "" : ", ")}not yet: {Spoken.Line(why, 200, job.Id)}" : "";
            yield return new(Tone.Quiet, $"  next: {string.Join(", ", job.NextNodes.Take(3).Select(n => Clean.Line(n, 64)))}{not}");
        }
    }

    private static IEnumerable<ToneLine> Asked(JobView job) => job.State == JobState.Ended ? [] :
    [
        .. job.Approvals.Where(a => a.State == ApprovalStanding.Open).Select(a => new ToneLine(Tone.Warning, $"  {JobNotices.Asked(job, a)}")),
        .. job.Questions.Where(q => q.Answer is null).Select(q => new ToneLine(Tone.Warning, $"  {JobNotices.Asked(job, q)}")),
    ];

    private static IEnumerable<ToneLine> Debts(JobView job) =>
        job.Debts.Take(10).Select(d => new ToneLine(Tone.Warning, $"  owes: {Clean.Line(d.What, 200)} ({(d.Nature == DebtNature.Lapses ? "goes by itself at" : "until")} {Moments.Of(d.Deadline)})"));

    private static IEnumerable<ToneLine> View(JobView job) => job is { View: { Length: > 0 } view } && job.State != JobState.Ended
        ? Clean.Block(view).TrimEnd().Split('\n').Select(l => new ToneLine(SeesSomebodyDown(l) ? Tone.Warning : Tone.Quiet, $"  {l}"))
        : [];

    /// <summary>A row begins with its number, and a minus among its cells is somebody down.</summary>
    private static bool SeesSomebodyDown(string row) => row.TrimStart() is [>= '0' and <= '9', ..] && row.Contains("  -", StringComparison.Ordinal);
}

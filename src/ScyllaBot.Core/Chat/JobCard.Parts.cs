using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

public static partial class JobCard
{
    // Budgets of the parts: with title, body and the small parts they stay below 6000 together.
    private const int HaltText = 900, DownText = 700, WorkText = 400, WaitsText = 1000;
    private const int NextText = 300, ErrorText = 400, ApprovalsText = 500;

    private static string Count(LiveJob live) =>
        live.Nodes.IsEmpty ? "" : $", {live.Nodes.Count(n => n.State == NodeProgressState.Done)}/{live.Nodes.Length} nodes";

    private static string Progress(LiveJob live)
    {
        if (HandbackRules.HasNoNodes(live.Job))
        {
            return "";
        }

        if (live.Nodes.IsEmpty)
        {
            return $"{live.Job.Steps.Values.Count(s => s.Status == StepStatus.Succeeded)} steps done";
        }

        var done = live.Nodes.Count(n => n.State == NodeProgressState.Done);
        return $"{done}/{live.Nodes.Length} nodes done";
    }

    private static NoticePart Halt(LiveJob live)
    {
        if (live.Job.Halt is not { } halt)
        {
            return new("Halted", "");
        }

        var where = halt.Key is { } key ? $"{Wording.Step(key, live.Plan)}{On(key.Node)}\n" : "";
        var why = $"{Markup.Escape(halt.Why, 300)}\n{Wording.Class(halt.Recoverable)}";
        var text = $"{Markup.Ago(halt.At)}: {where}{why}\nSafe now: {Markup.Escape(halt.SafeNow, 200)}";
        return new("Halted", Markup.Cut(text, HaltText));
    }

    private static NoticePart Hold(LiveJob live)
    {
        if (live.Job.Hold is not { } hold)
        {
            return new("Holding", "");
        }

        var next = live.GoesOn is { } at ? $"In order now; goes on {Markup.Ago(at)} if it stays so." : "Goes on by itself once everyone's view has been in order for a while.";
        return new("Holding", $"{Markup.Ago(hold.Since)}: {Markup.Escape(hold.Why, 250)}\n{next}");
    }

    private static NoticePart Questions(LiveJob live) => new("Waits for an answer", live.Job.IsOpen
        ? Wording.Lines(live.Job.Questions.Values.Where(q => q.IsOpen).Select(q => $"{Wording.Step(q.Asked.Key, live.Plan)}: {Markup.Escape(q.Asked.Text, 150)}"), ApprovalsText)
        : "");

    private static NoticePart Down(LiveJob live)
    {
        var isWorthSaying = live.Job.IsOpen || live.Job.Held.Count > 0;
        var name = live.Job.Held.Count > 0 && live.Job.Held.Keys.All(live.UpAgain.ContainsKey) ? "Held by us" : "Down by us";
        return new(name, isWorthSaying ? Wording.Down(live.Job, live.Plan, DownText, live) : "");
    }

    private static NoticePart AtWork(LiveJob live)
    {
        var busy = live.Nodes.Where(n => n is { Step: not null, State: NodeProgressState.Working or NodeProgressState.Held });
        return new("At work", Wording.Lines(busy.Select(n => $"{Markup.Code(n.Node, 64)} {Markup.Escape(n.Step, 60)}"), WorkText));
    }

    private static NoticePart Waits(LiveJob live, DateTimeOffset now) =>
        new("Waits for", live.Job.IsOpen ? Wording.Lines(live.Waits.Select(w => Wait(w, now)), WaitsText) : "");

    private static string Wait(LiveWait wait, DateTimeOffset now)
    {
        var node = wait.Key.Node is { } name ? Markup.Code(name, 64) + " " : "";
        var window = wait.Window == TimeSpan.Zero ? "holds" : $"{Seconds(wait.HeldFor)}/{Seconds(wait.Window)} s";
        var state = wait.Why is null
            ? $"{window}, gives up {Markup.Ago(wait.GivesUp)}"
            : $"{Markup.Escape(wait.Why, 160)}; {Lengths.Of(now - wait.Since)} so far{(wait.GivesUp == DateTimeOffset.MaxValue ? "" : $", gives up {Markup.Ago(wait.GivesUp)}")}";

        // While it does not hold, the reset's reason is what is said already.
        var reset = wait is { Why: null, LastReset: { } at }
            ? $"; last reset {Markup.Ago(at)}: {Markup.Escape(wait.LastResetWhy, 80)}"
            : "";
        var numbers = string.Concat(wait.Readings.Take(2).Select(r => $"; {Markup.Escape(WhyText.Short(r), 100)}"));
        return $"{node}{Markup.Bold(Markup.Cut(wait.Condition, 60))} {state}{numbers}{reset}";
    }

    private static NoticePart Next(LiveJob live)
    {
        var next = string.Join(", ", live.NextNodes.Take(3).Select(n => Markup.Code(n, 40)));
        var text = (next, live.WhyNotNext) switch
        {
            ("", null) => "",
            ("", { } why) => $"not yet: {Markup.Escape(why, 150)}",
            (_, null) => next,
            (_, { } why) => $"{next}, not yet: {Markup.Escape(why, 150)}",
        };
        return new("Next", live.Job.IsOpen ? Markup.Cut(text, NextText) : "");
    }

    private static NoticePart LastError(LiveJob live, DateTimeOffset now)
    {
        var step = live.Job.Steps.Values.Where(s => s.Status == StepStatus.Failed).MaxBy(s => s.Updated);
        if (step is null)
        {
            return new("Last error", "");
        }

        var failures = step.Failures switch
        {
            0 => "failed, to be tried again",
            1 => "failed once",
            var n => $"failed {n} times",
        };
        var retry = step.RetryAt switch
        {
            { } at when at > now => $", next attempt {Markup.Ago(at)}",
            { } => ", next attempt due",
            null => "",
        };
        var where = $"{Wording.Step(step.Key, live.Plan)}{On(step.Key.Node)}, attempt {step.Attempt} {failures}{retry}";
        return new("Last error", Markup.Cut($"{where}: {Markup.Escape(step.Why, 160)}", ErrorText));
    }

    private static NoticePart Approvals(Job job)
    {
        var open = job.IsOpen ? job.Approvals.Values.Where(a => a.IsOpen) : [];
        return new("Approvals open", Wording.Lines(open.Select(Approval), ApprovalsText));
    }

    private static string Approval(ApprovalState a) =>
        $"{Markup.Code(a.Asked.Key, 60)} {a.Given.Length}/{a.Asked.Count}, expires {Markup.Ago(a.Asked.Expires)}: "
        + Markup.Escape(a.Asked.Message, 120);

    private static string On(string? node) => node is null ? "" : $" on {Markup.Code(node, 64)}";

    private static long Seconds(TimeSpan span) => (long)span.TotalSeconds;
}

using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What may be pressed in which state.</summary>
public static class Presses
{
    private const int MostNodes = 5;
    private const string FreeText = "text";

    /// <summary>On the job's card.</summary>
    public static ImmutableArray<Choice> For(Job job, Plan? plan)
    {
        var abort = Press(ChoiceId.Abort, job, "", "Abort", ChoiceKind.Danger);
        var details = Press(ChoiceId.Details, job, "", "Details", ChoiceKind.Plain);
        return job.State switch
        {
            JobState.Waiting => [.. abort, .. details, .. Ahead(job, plan)],
            JobState.Running or JobState.Holding => [.. Press(ChoiceId.Pause, job, "", "Pause", ChoiceKind.Plain), .. abort, .. details, .. Ahead(job, plan)],
            JobState.Pausing or JobState.Paused when job.Pause?.Cause is PauseCause.ByHand =>
                [.. job.Pause.IsHandsOff ? Press(ChoiceId.Handback, job, "", "Hand back", ChoiceKind.Primary) : [], .. abort, .. details],
            JobState.Pausing or JobState.Paused when job.Pause?.Cause is PauseCause.Yield or PauseCause.FleetHalt => [.. Drops(job), .. abort, .. details],
            JobState.Pausing or JobState.Paused =>
                [.. Press(ChoiceId.Resume, job, "", job.Lapsed.Any() ? "Ask again" : "Resume", ChoiceKind.Primary), .. Drops(job), .. abort, .. details, .. Ahead(job, plan)],
            JobState.Halted => [.. ForHalt(job, plan), .. details],
            JobState.Aborting => details,
            _ => [],
        };
    }

    /// <summary>On a halt (R7): only what makes sense. A node that is down by us is brought up, never skipped (R4).</summary>
    public static ImmutableArray<Choice> ForHalt(Job job, Plan? plan)
    {
        if (job.Halt is not { } halt)
        {
            return [];
        }

        var again = job.Approvals.Values.Any(a => a.Expired || a.RefusedBy is not null) ? "Ask again" : "Retry";
        var node = halt.Key?.Node;
        var canSkip = node is not null && !job.Held.ContainsKey(node) && !job.SkippedNodes.ContainsKey(node);
        return
        [
            .. Press(ChoiceId.Retry, job, "", again, ChoiceKind.Primary),
            .. HelpsToWait(job, halt) ? Press(ChoiceId.Wait, job, "", "Wait longer", ChoiceKind.Plain) : [],
            .. ToRestore(job, node).SelectMany(n => Press(ChoiceId.Restore, job, n, RestoreLabel(n, plan), ChoiceKind.Good)),
            .. Drops(job).Where(_ => node is null || !job.Gone.Contains(node)),
            .. canSkip ? Press(ChoiceId.Skip, job, node!, $"Skip {node}", ChoiceKind.Plain) : [],
            .. Press(ChoiceId.Abort, job, "", "Abort", ChoiceKind.Danger),
            .. job.HaltIsAcknowledged ? [] : Press(ChoiceId.Ack, job, "", "Acknowledge", ChoiceKind.Plain),
        ];
    }

    /// <summary>Gates that are still to come: approved before they are asked (R16).</summary>
    private static IEnumerable<Choice> Ahead(Job job, Plan? plan) => (plan?.Gates ?? [])
        .Where(g => job.Ahead.GetValueOrDefault(g.Path, []).Length < g.Count && !job.Approvals.ContainsKey(g.Path) && !job.HasPassed(new StepKey(g.Path, null)))
        .Take(MostNodes).SelectMany(g => Press(ChoiceId.Approve, job, g.Path, $"Approve ahead: {g.Title}", ChoiceKind.Plain));

    /// <summary>Nodes that left the ring (R27).</summary>
    private static IEnumerable<Choice> Drops(Job job) => job.Gone.Where(n => job.Birth.Targets.Any(t => t.Name == n)).Take(MostNodes)
        .SelectMany(n => Press(ChoiceId.Skip, job, n, $"Drop {n}", ChoiceKind.Plain));

    /// <summary>R5: the documented ways out of what moves, and of a join that is banned. To let it finish nobody presses anything.</summary>
    public static IEnumerable<Choice> WaysOut(LiveJob live) => live.Job.State is not (JobState.Aborting or JobState.Halted) ? [] :
    [
        .. live.InFlight.Where(m => m.MayBeAborted && !IsAsked(live.Job, m.Host)).Take(MostNodes)
            .SelectMany(m => Press(ChoiceId.Out, live.Job, m.Host, $"Way out: stop {m.Host}'s movement", ChoiceKind.Danger)),
        .. live.Rejoin is { } node ? Press(ChoiceId.Rejoin, live.Job, node, $"Wipe and rejoin {node}", ChoiceKind.Plain) : [],
    ];

    private static bool IsAsked(Job job, string node) => job.Unders.Values.Any(u => u.IsOpen && u.Asked.Task == WayOut.Task && u.Asked.Node == node);

    /// <summary>One for each choice of an open question, or one that opens a form.</summary>
    public static ImmutableArray<Choice> ForQuestion(Job job, QuestionAsked asked) => asked.Choices.IsEmpty
        ? Press(ChoiceId.Answer, job, $"{asked.Key}={FreeText}", "Answer", ChoiceKind.Primary)
        : [.. asked.Choices.SelectMany((choice, i) => Press(ChoiceId.Answer, job, $"{asked.Key}={i}", Markup.Cut(choice.ReplaceLineEndings(" "), NoticeLimits.Label), ChoiceKind.Plain))];

    /// <summary>What an answer button stands for: the step and the choice's number; null number = a form asks for text. Null: it is none.</summary>
    public static (string Key, int? Choice)? ReadAnswer(string arg) => arg.LastIndexOf('=') is var at and > 0
        ? arg[(at + 1)..] == FreeText ? (arg[..at], null)
            : int.TryParse(arg[(at + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? (arg[..at], n) : null
        : null;

    /// <summary>None when its id would not fit: a node or step name can be longer than a button may carry.</summary>
    public static ImmutableArray<Choice> Press(string verb, Job job, string arg, string label, ChoiceKind kind) =>
        ChoiceId.TryFormat(verb, job.Id, arg) is { } id ? [new Choice(id, Markup.Cut(label, NoticeLimits.Label), kind)] : [];

    // A wait's patience ended (that is unrecoverable) or a deadline passed; used-up attempts need a retry, not time.
    private static bool HelpsToWait(Job job, Halted halt) =>
        halt.Key is { } key && job.Step(key) is { Status: StepStatus.Failed } step && (!halt.Recoverable || step.Deadline is not null);

    // The halt's own node first: the others are finishing their own steps (R3). Without one, every held node.
    private static IEnumerable<string> ToRestore(Job job, string? node) =>
        (node is not null && job.Held.ContainsKey(node) ? [node] : job.Held.Keys.Take(MostNodes)).Where(n => !job.Restoring.Contains(n));

    // A restore that begins with something else than bringing the node up first puts back what was there (R4).
    private static string RestoreLabel(string node, Plan? plan)
    {
        var first = plan?.Steps.FirstOrDefault(s => JobPaths.IsRestore(s.Path));
        return first is null || first.Direction == Tasks.Direction.BringsUp ? $"Bring up {node}" : $"Roll back {node}";
    }
}

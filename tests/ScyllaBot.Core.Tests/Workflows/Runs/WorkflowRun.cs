using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>
/// One run of a real workflow file on the engine bed: Mara starts it, Jon approves whatever is asked, questions are answered by the case's
/// script, each a minute after it was put. The oracle looks at every change of any node.
/// </summary>
internal sealed class WorkflowRun : IDisposable
{
    /// <summary>Who starts it, as the chat knows people: only so can anybody be rung.</summary>
    public static readonly Actor Mara = BedPeople.Mara with { Person = new Person("100000000000000001", "mara") };

    private static readonly TimeSpan Thinking = TimeSpan.FromMinutes(1);
    private readonly List<string> _gates = [];
    private bool _isPrepared;

    public WorkflowRun(WorkflowCase @case, int seed = 1)
    {
        Case = @case;
        Bed = new EngineBed(seed, @case.Options with { Workflows = WorkflowFolder.All });
    }

    public WorkflowCase Case { get; }

    public EngineBed Bed { get; }

    public JobId Id { get; private set; }

    public Job Job => Bed.Job(Id);

    /// <summary>What people were asked in the middle of the job, in order: approvals by their message, questions by their text.</summary>
    public IReadOnlyList<string> Gates => _gates;

    /// <summary>Nodes in the order in which they were first touched.</summary>
    public string[] Order =>
        [.. Bed.Events.OfType<StepStarted>().Select(s => s.Key.Node).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>What was held together, wave by wave, such as <c>b1+b2</c> or <c>c1</c>: a wave lasts until nothing is held.</summary>
    public string[] Waves
    {
        get
        {
            var (waves, wave, held) = (new List<string>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var e in Bed.Events)
            {
                switch (e)
                {
                    case NodeHeld x when held.Add(x.Node) && !wave.Contains(x.Node, StringComparer.Ordinal):
                        wave.Add(x.Node);
                        break;
                    case NodeReleased x when held.Remove(x.Node) && held.Count == 0:
                        waves.Add(string.Join('+', wave));
                        wave.Clear();
                        break;
                    default:
                        break;
                }
            }

            return [.. waves];
        }
    }

    /// <summary>Messages that rang somebody because something is wrong; questions, approvals and a halt that calls again (R7) ring too and do not count.</summary>
    public ImmutableArray<string> Pings => [.. Bed.Stored(s => s.OutboxAsync(Id, CancellationToken.None))
        .Where(row => row.Kind is not (OutboxItems.Approval or OutboxItems.Question or OutboxItems.Call or OutboxItems.Pager))
        .Select(row => NoticeJson.Read(row.Payload))
        .Where(notice => !notice.Mentions.People.IsEmpty || !notice.Mentions.Roles.IsEmpty)
        .Select(notice => notice.Title)];

    /// <summary>What the steps wrote.</summary>
    public string Said => string.Join('\n', Bed.Log.Select(l => l.Text));

    /// <summary>The world as the case wants it; once.</summary>
    public WorkflowRun Prepare()
    {
        if (!_isPrepared)
        {
            _isPrepared = true;
            Case.Prepare(Bed);
        }

        return this;
    }

    public WorkflowRun Start()
    {
        Prepare();
        var answer = Bed.Do(() => Bed.Control.PlanAsync(Mara, Case.Request(), CancellationToken.None));
        var plan = answer is PlanOutcome.Ready ready ? ready.Plan : throw new InvalidOperationException(string.Join('\n', ((PlanOutcome.Refused)answer).Why));
        Id = BedPeople.Yes(Bed.Do(c => c.StartAsync(Mara, plan, CancellationToken.None)));
        if (Job.State == JobState.Waiting)
        {
            BedPeople.Yes(Bed.Approve(Id));
        }

        return this;
    }

    /// <summary>Why it is not even planned.</summary>
    public string Refused()
    {
        Prepare();
        var outcome = Bed.Do(() => Bed.Control.PlanAsync(Mara, Case.Request(), CancellationToken.None));
        return string.Join('\n', Assert.IsType<PlanOutcome.Refused>(outcome).Why);
    }

    /// <summary>Lets things happen, people answering, until the condition holds; a halt nobody waits for fails at once.</summary>
    public WorkflowRun Until(Func<bool> condition, string what, bool mayHalt = false)
    {
        var end = Bed.Time.Elapsed + Case.AtMost;
        while (!condition())
        {
            var came = Bed.TryUntil(
                () => condition() || IsGateDue() || (!mayHalt && IsHaltedForGood()), end - Bed.Time.Elapsed);
            if (condition())
            {
                break;
            }

            if (!came || (!mayHalt && IsHaltedForGood()) || !Job.IsOpen)
            {
                throw new InvalidOperationException($"{what} did not come, the job is {Job.State}: {Job.Halt?.Why ?? Job.Hold?.Why}\n{Bed.Describe()}");
            }

            Decide();
        }

        return this;
    }

    /// <summary>To its good end.</summary>
    public WorkflowRun ToEnd()
    {
        Until(() => Job.State == JobState.Ended, "the end");
        Assert.Equal((JobOutcome.Succeeded, ""), (Job.End!.Outcome, Job.End.Outcome == JobOutcome.Succeeded ? "" : Job.End.Why));
        return this;
    }

    /// <summary>To a halt; its sentence.</summary>
    public string ToHalt()
    {
        Until(() => Job is { State: JobState.Halted, Restoring.IsEmpty: true }, "a halt", mayHalt: true);
        return Job.Halt!.Why;
    }

    public WorkflowRun Press(Func<IJobControl, Task<Outcome>> verb)
    {
        BedPeople.Yes(Bed.Do(verb));
        return this;
    }

    public WorkflowRun Retry() => Press(c => c.RetryAsync(Mara, Id, extend: true, default));

    /// <summary>The button "Bring node up" or "Roll node back", to its end.</summary>
    public WorkflowRun BringUp(string node)
    {
        Press(c => c.RestoreAsync(Mara, Id, node, default));
        return Until(() => Job is { IsAtSafePoint: true, Restoring.IsEmpty: true }, $"{node} brought up", mayHalt: true);
    }

    /// <summary>Whatever must be true of every finished run.</summary>
    /// <param name="othersDown">Nodes that went down by no doing of this job.</param>
    public void Judge(int othersDown = 0)
    {
        Bed.Pass(TimeSpan.FromMinutes(2));
        Invariants.Hold(Bed, Id, Case.Limit + othersDown, Case.Manifold);
    }

    public void Dispose() => Bed.Dispose();

    private bool IsHaltedForGood() => Id != default && Job.State == JobState.Halted;

    private bool IsGateDue() => OpenApproval() is not null || OpenQuestion() is not null;

    private ApprovalState? OpenApproval() =>
        Job.Approvals.Values.FirstOrDefault(a => a.IsOpen && Bed.Time.GetUtcNow() - a.Asked.At >= Thinking);

    private QuestionState? OpenQuestion() =>
        Job.Questions.Values.FirstOrDefault(q => q.IsOpen && Bed.Time.GetUtcNow() - q.Asked.At >= Thinking);

    private void Decide()
    {
        if (OpenApproval() is { } approval)
        {
            // Where it takes two, Ada is the second.
            var isFirst = approval.Given.IsEmpty;
            _gates.AddRange(isFirst ? [approval.Asked.Message] : Array.Empty<string>());
            BedPeople.Yes(Bed.Approve(Id, approval.Asked.Key, isFirst ? BedPeople.Jon : BedPeople.Ada));
        }
        else if (OpenQuestion() is { } question)
        {
            _gates.Add(question.Asked.Text);
            var answer = Case.Answer(question.Asked.Text) ?? throw new InvalidOperationException($"nobody has an answer to: {question.Asked.Text}");
            Press(c => c.AnswerAsync(Mara, Id, $"{question.Asked.Key}", answer, default));
        }
    }
}

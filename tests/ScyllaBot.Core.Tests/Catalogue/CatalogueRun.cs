using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>What a run came to, to be compared with a clean one.</summary>
/// <param name="Calls">Calls that the task itself made, in order.</param>
/// <param name="Effects">What was changed, as <c>kind node</c>, sorted.</param>
/// <param name="Facts">What the world is like afterwards.</param>
internal sealed record RunResult(JobOutcome Outcome, IReadOnlyList<string> Calls, string Effects, string Facts)
{
    /// <summary>From the start's approval to the end.</summary>
    public required TimeSpan Length { get; init; }
}

/// <summary>One run of one task through the real engine against the simulated cluster, with one misfortune at one call.</summary>
internal sealed class CatalogueRun(CatalogueCase @case) : IDisposable
{
    private const int MostPresses = 6;
    private static readonly TimeSpan Thinking = TimeSpan.FromMinutes(1);
    private readonly List<string> _calls = [];
    private EngineBed _bed = null!;
    private string? _job;

    public EngineBed Bed => _bed;

    /// <summary>The host is stopped in good order this long after the start.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary>How long the host took to stop; null when it was not asked to.</summary>
    public TimeSpan? Stopping { get; private set; }

    /// <summary>What was run as root on nodes.</summary>
    public List<IReadOnlyList<string>> Rooted { get; } = [];

    /// <param name="at">Which of the task's calls it hits; null = none.</param>
    /// <param name="loss">What becomes of that call.</param>
    public RunResult Run(int? at = null, Loss loss = Loss.None)
    {
        _bed = new EngineBed(1, @case.Options with { Workflows = [("own.yaml", Text())] });
        @case.Prepare(_bed);
        if (@case.IsOfAnother)
        {
            _bed.AcknowledgeTraces();
        }

        _bed.Ports.SawCommand = command =>
        {
            if (command.Receipt is not null || command.AsRoot)
            {
                Rooted.Add(command.Argv);
            }
        };
        _bed.Ports.Fate = call =>
        {
            // Every command is counted; of HTTP calls those of the job's steps, for the watch polls on its own.
            if (_job is null || (call.IsHttp && call.Step?.StartsWith(_job, StringComparison.Ordinal) != true))
            {
                return Loss.None;
            }

            _calls.Add($"{(call.Changes ? "change" : "read")} {call.Node}: {call.What}");
            return _calls.Count - 1 == at ? loss : Loss.None;
        };
        return Job("request-1");
    }

    /// <summary>The same again, as another job on the same world.</summary>
    public RunResult Again() => Job("request-2");

    public void Dispose() => _bed?.Dispose();

    private RunResult Job(string request)
    {
        _calls.Clear();
        _bed.History.Clear();
        _bed.Ports.Outside.Done.Clear();
        var plan = _bed.Plan(BedPeople.Own("b1") with { RequestId = request });
        _job = null;
        var id = BedPeople.Yes(_bed.Do(c => c.StartAsync(BedPeople.Mara, plan, CancellationToken.None)));
        _job = id.ToString();
        var began = _bed.Time.Elapsed;
        if (!plan.Approvals.IsEmpty)
        {
            // Where it takes two of them, both press.
            Insist(c => c.DecideAsync(BedPeople.Jon, id, Approvals.Start, approve: true, "", CancellationToken.None));
            Insist(c => c.DecideAsync(BedPeople.Ada, id, Approvals.Start, approve: true, "", CancellationToken.None));
        }

        ToTheEnd(id, began);
        var length = _bed.Time.Elapsed - began;
        _job = null;
        _bed.Pass(TimeSpan.FromMinutes(2));
        return new RunResult(_bed.Job(id).End!.Outcome, [.. _calls], Effects(), WorldFacts.Of(_bed.World)) { Length = length };
    }

    private void ToTheEnd(JobId id, TimeSpan began)
    {
        var presses = 0;
        while (_bed.Job(id).IsOpen)
        {
            if (!_bed.TryUntil(() => IsStopDue(began) || IsAnswerDue(id) || _bed.Job(id) is { State: JobState.Ended or JobState.Halted }, TimeSpan.FromDays(3)))
            {
                if (!_bed.Ports.HasDied)
                {
                    throw new InvalidOperationException($"{@case}: neither ended nor halted\n{_bed.Describe()}");
                }

                Restart();
            }
            else if (IsStopDue(began))
            {
                Stopping = _bed.StopHost();
                Restart();
            }
            else if (IsAnswerDue(id))
            {
                Insist(c => c.AnswerAsync(BedPeople.Mara, id, key: null, @case.Answer!, CancellationToken.None));
            }
            else if (_bed.Job(id).State == JobState.Halted)
            {
                if (++presses > MostPresses)
                {
                    throw new InvalidOperationException($"{@case}: halts again and again\n{_bed.Describe()}");
                }

                Insist(c => c.RetryAsync(BedPeople.Mara, id, extend: true, CancellationToken.None));
            }
        }
    }

    private bool IsStopDue(TimeSpan began) =>
        Stopping is null && (_bed.Ports.IsHanging || (StopAfter is { } after && _bed.Time.Elapsed - began >= after));

    private bool IsAnswerDue(JobId id) => @case.Answer is not null
        && _bed.Job(id).Questions.Values.Any(q => q.IsOpen && _bed.Time.GetUtcNow() - q.Asked.At >= Thinking);

    private string Effects() => string.Join('\n', _bed.Ports.Outside.Done.Select(done => $"request {done}").Concat(_bed.History.Select(what => what switch
    {
        Effect effect => $"{effect.Kind} {effect.Node}",
        Announced said => $"announced {said.Message}",
        QuestionAsked asked => $"asked {asked.Text}",
        QuestionAnswered answered => $"answered {answered.Answer}",
        _ => null,
    })).OfType<string>().Order(StringComparer.Ordinal));

    private void Insist(Func<IJobControl, Task<Outcome>> verb)
    {
        if (!_bed.TryDo(() => verb(_bed.Control), out _))
        {
            Restart();
        }
    }

    private void Restart()
    {
        _bed.Pass(TimeSpan.FromSeconds(5));
        var stuck = _bed.StartHost();
        if (!stuck.IsEmpty)
        {
            throw new InvalidOperationException($"{@case}: {stuck[0].Why}");
        }
    }

    /// <summary>The workflow that has this one task.</summary>
    public string Text()
    {
        var definition = BedTasks.Catalog.Find(@case.Tag)!;
        var inputs = @case.Inputs ?? definition.Example;
        return definition.NeedsNode
            ? $"name: Own\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n{Indent(@case.First, 4)}    - task: !{@case.Tag}\n{Indent(inputs, 8)}{Indent(@case.Step, 6)}"
            : $"name: Own\ncluster_tasks:\n- task: !{@case.Tag}\n{Indent(inputs, 4)}{Indent(@case.Step, 2)}";
    }

    private static string Indent(string text, int by) =>
        string.Concat(text.ReplaceLineEndings("\n").Split('\n').Where(l => l.Trim().Length > 0).Select(l => new string(' ', by) + l + "\n"));
}

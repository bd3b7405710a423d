using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

/// <summary>An engine that notes every verb and answers what the test set. A verb it does not know makes its test fail.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
internal class NotedControl : DispatchProxy
{
    public static readonly JobId KnownJob = new("1KG2Z720M16R9G");

    private readonly ConcurrentQueue<(Actor By, string Asked)> _asked = new();
    private readonly ConcurrentQueue<(Actor By, string Said, string Decision)> _audit = new();

    public IJobControl Face { get; private set; } = null!;

    /// <value>Default: every verb is done.</value>
    public Func<string, Task<Outcome>> Answers { get; set; } = verb => Task.FromResult<Outcome>(new Outcome.Done(KnownJob, $"I did: {verb}"));

    /// <value>Default: every plan can be made.</value>
    public Func<RunRequest, PlanOutcome> Plans { get; set; } = request => new PlanOutcome.Ready(PlanOf(request));

    public IJobChoices Choices { get; set; } = null!;

    /// <value>Default: the known job as it was born.</value>
    public Func<Task<Job>> Stands { get; set; } = () => Task.FromResult(Job.Begin(KnownJob, Journals.Life[0]));

    public ImmutableArray<(Actor By, string Asked)> Asked => [.. _asked];

    public ImmutableArray<(Actor By, string Said, string Decision)> Audit => [.. _audit];

    public static NotedControl New()
    {
        var face = Create<IJobControl, NotedControl>();
        var noted = (NotedControl)(object)face;
        noted.Face = face;
        return noted;
    }

    public static Cluster Cluster { get; } = new(
        "messages-stg", ClusterEnvironment.Staging, ClusterMode.Run,
        [new Node("alpha-a-1", "10.0.0.1", new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), new Zone("dc1", "a")) { Api = new Uri("http://127.0.0.1:1"), Metrics = new Uri("http://127.0.0.1:2") }]);

    public static Plan PlanOf(RunRequest request) => new()
    {
        Request = request, Title = "Rolling restart", Hash = "0123456789abcdef", Cluster = Cluster, WorkflowText = "name: x", Variables = request.Variables,
        Targets = [new TargetNode("alpha-a-1", "10.0.0.1", Guid.Empty, "dc1", "a", "6.2")], Waves = [new PlanWave(new Zone("dc1", "a"), ["alpha-a-1"], 1)],
        Steps = [new PlanStep("1.1", "Drain", "scylla-drain", Direction.TakesDown, Risk.Disruptive, PerNode: true)],
        Verdict = ["safe"], Concerns = [], Approvals = ["one approver"],
    };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name.Replace("Async", "", StringComparison.Ordinal);
        switch (name, args)
        {
            case ("get_Inventory", _):
                return new Inventory([Cluster]);
            case ("get_Choices", _):
                return Choices;
            case ("get_FleetHalt", _):
                return null;
            case ("Audit", [Actor by, string said, string decision, ..]):
                _audit.Enqueue((by, said, decision));
                return Task.CompletedTask;
        }

        if (args!.OfType<Actor>().FirstOrDefault() is { } actor)
        {
            _asked.Enqueue((actor, Show(name, args!)));
        }

        return targetMethod.ReturnType switch
        {
            var t when t == typeof(Task<Outcome>) => Answers(name),
            var t when t == typeof(Task<PlanOutcome>) => Task.FromResult(Plans(RequestOf(args![1]!))),
            _ => Read(name, args!),
        };
    }

    private object Read(string name, object?[] args) => name switch
    {
        "Show" => ShowAsync((JobId)args[0]!),
        "Why" => Task.FromResult<ImmutableArray<string>?>(Equals(args[0], KnownJob) ? ["compactions: 7 pending, at most 5"] : null),
        "List" => Task.FromResult<ImmutableArray<JobSummary>>([Projected()]),
        "Debts" => Task.FromResult<ImmutableArray<Debt>>([]),
        "Compare" => Task.FromResult<ImmutableArray<HandCompared>?>([new HandCompared("alpha-a-1", HandStatus.ChangedByHand, "another generation")]),
        "Cluster" => Task.FromResult(Equals(args[0], Cluster.Name) ? Cluster : null),
        "Matrix" => Task.FromResult<MatrixAnswer?>(new MatrixAnswer(Cluster.Name, Journals.Start, "a +", [new MatrixRow("alpha-a-1", "NORMAL", true, true, [], 5)], [])),
        "Safe" => Task.FromResult<(SafeAnswer?, ImmutableArray<string>)>((new SafeAnswer(Cluster.Name, ["alpha-a-1"], true, null, [], ["alpha-a-1"], true, false, 3, []), [])),
        _ => throw new NotSupportedException($"{name} is a verb that these tests do not know"),
    };

    private async Task<LiveJob?> ShowAsync(JobId job) => job != KnownJob ? null
        : new LiveJob(await Stands(), null, [], [new NodeProgress("alpha-a-1", new Zone("dc1", "a"), NodeProgressState.Waiting, null, null)], ["alpha-a-1"], null);

    private static JobSummary Projected() => new(
        KnownJob, Cluster.Name, "rolling_restart", "Rolling restart", JobState.Running, null, Journals.Ana, Journals.Start, Journals.Start, 1, 0);

    private static RunRequest RequestOf(object asked) => asked switch
    {
        RunRequest run => run,
        TaskRequest task => Of(task),
        _ => new RunRequest($"{asked}", "rejoin_nodes", Cluster.Name, new Target.All(), ImmutableSortedDictionary<string, string>.Empty, ""),
    };

    private static RunRequest Of(TaskRequest task) => new(task.RequestId, task.Task, task.Cluster, new Target.All(), task.Inputs, task.Reason);

    private static string Show(string name, object?[] args) =>
        $"{name} {string.Join(' ', args.Where(a => a is not Actor and not CancellationToken).Select(a => a is IReadOnlyDictionary<string, string> map ? string.Join(',', map) : a?.ToString() ?? "-"))}";
}
#pragma warning restore CA1852

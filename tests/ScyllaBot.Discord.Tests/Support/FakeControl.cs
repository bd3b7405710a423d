using System.Collections.Concurrent;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>An engine that notes what it is asked and answers what the test set.</summary>
internal sealed class FakeControl : IJobControl, IJobChoices
{
    public static readonly JobId KnownJob = new("01JOB00000000001");

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<(Actor By, string Said, string Decision)> _audit = new();

    /// <value>Default: every verb is done.</value>
    public Func<string, Outcome> Answers { get; set; } = asked => new Outcome.Done(KnownJob, $"I did: {asked}");

    public Func<RunRequest, PlanOutcome> Plans { get; set; } = request => new PlanOutcome.Ready(Samples.Plan(request));

    public string[] Asked => [.. _asked];

    public ImmutableArray<(Actor By, string Said, string Decision)> Audit => [.. _audit];

    public TaskRequest? LastTask { get; private set; }

    public Plan? Started { get; private set; }

    public LiveJob Live { get; set; } = Samples.Live();

    public Inventory Inventory { get; set; } = Samples.Inventory;

    public IJobChoices Choices => this;

    public ImmutableArray<(string Name, string Description, ImmutableArray<Variable> Variables)> Workflows { get; set; } =
    [
        ("rolling-restart", "Restart every node",
            [new Variable { Name = "window", Default = "20", Description = "seconds" }, new Variable { Name = "service" }]),
        ("rolling-reboot", "Reboot every node", []),
    ];

    public ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> NodeTasks =>
        [("systemd-start-service", "Start", ["service"])];

    public ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> ClusterTasks => [("cluster-repair", "Repair", [])];

    public ImmutableArray<JobSummary> OpenJobs => [Samples.Summary];

    public ImmutableArray<JobSummary> RecentJobs => [Samples.Summary];

    public Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, CancellationToken ct)
    {
        Note($"plan {request.Workflow} {request.Cluster} {request.Target}");
        return Task.FromResult(Plans(request));
    }

    public Task<PlanOutcome> PlanRejoinAsync(Actor by, JobId job, string node, CancellationToken ct)
    {
        Note($"plan-rejoin {job} {node}");
        return Task.FromResult(Plans(new RunRequest("rejoin", "rejoin_nodes", "alpha", new Target.Named([node]), ImmutableSortedDictionary<string, string>.Empty, "")));
    }

    public Task<Outcome> WayOutAsync(Actor by, JobId job, string node, CancellationToken ct) => Do($"way-out {job} {node}");

    public Task<PlanOutcome> PlanTaskAsync(Actor by, TaskRequest request, CancellationToken ct)
    {
        LastTask = request;
        Note($"plan-task {request.Task} {request.Cluster} {request.Node}");
        return Task.FromResult(Plans(new RunRequest(request.RequestId, request.Task, request.Cluster, new Target.All(), request.Inputs,
            request.Reason)));
    }

    public Task<Outcome> StartAsync(Actor by, Plan plan, CancellationToken ct)
    {
        Started = plan;
        return Do($"start {plan.Request.RequestId}");
    }

    public Task<Outcome> PauseAsync(Actor by, JobId job, CancellationToken ct) => Do($"pause {job}");

    public Task<Outcome> ResumeAsync(Actor by, JobId job, CancellationToken ct) => Do($"resume {job}");

    public Task<Outcome> RetryAsync(Actor by, JobId job, bool extend, CancellationToken ct) => Do($"retry {job} {extend}");

    public Task<Outcome> SkipAsync(Actor by, JobId job, string? node, CancellationToken ct) => Do($"skip {job} {node}");

    public Task<Outcome> AbortAsync(Actor by, JobId job, bool now, CancellationToken ct) => Do($"abort {job} {now}");

    public Task<Outcome> RestoreAsync(Actor by, JobId job, string? node, CancellationToken ct) => Do($"restore {job} {node}");

    public Task<Outcome> AcknowledgeAsync(Actor by, JobId job, CancellationToken ct) => Do($"ack {job}");

    public Task<Outcome> DecideAsync(Actor by, JobId job, string key, bool approve, string why, CancellationToken ct) =>
        Do($"decide {job} {key} {approve} {why}");

    public Task<Outcome> BreakGlassAsync(Actor by, JobId job, string key, string reason, CancellationToken ct) => Do($"glass {job} {key} {reason}");

    public Task<Outcome> AnswerAsync(Actor by, JobId job, string? key, string answer, CancellationToken ct) => Do($"answer {job} {key} {answer}");

    public ImmutableArray<HandCompared>? Compared { get; set; }

    public FleetHalt? FleetHalt { get; set; }

    public Task<Outcome> TakeOverAsync(Actor by, string what, string reason, CancellationToken ct) => Do($"takeover {what} {reason}");

    public Task<ImmutableArray<HandCompared>?> CompareAsync(JobId job, CancellationToken ct) => Task.FromResult(Compared);

    public Task<Outcome> HandBackAsync(Actor by, JobId job, ImmutableSortedDictionary<string, string> nodes, string? others, CancellationToken ct) =>
        Do($"handback {job} {string.Join(' ', nodes.Select(n => $"{n.Key}={n.Value}"))} {others}");

    public Task<Outcome> UnlockAsync(Actor by, JobId job, string reason, CancellationToken ct) => Do($"unlock {job} {reason}");

    public Task<Outcome> UnlockClusterAsync(Actor by, string name, string reason, CancellationToken ct) => Do($"unlock cluster {name} {reason}");

    public Task<Outcome> HandOverAsync(Actor by, JobId job, Person to, Rights theirs, CancellationToken ct) => Do($"owner {job} {to.Id} {theirs}");

    public Task<Outcome> HaltAllAsync(Actor by, string reason, CancellationToken ct) => Do($"halt-all {reason}");

    public Task<Outcome> LiftAsync(Actor by, CancellationToken ct) => Do("lift");

    public Task<Outcome> TuneAsync(Actor by, JobId job, int? limit, int? stopAfter, CancellationToken ct) => Do($"tune {job} {limit} {stopAfter}");

    public Task<ImmutableArray<JobSummary>> ListAsync(JobFilter filter, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<JobSummary>>([Samples.Summary]);

    public Task<LiveJob?> ShowAsync(JobId job, CancellationToken ct) => Task.FromResult(job == KnownJob ? Live : null);

    public Task<ImmutableArray<string>?> WhyAsync(JobId job, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<string>?>(job == KnownJob ? ["compactions nominal: 7 pending, at most 5"] : null);

    public ImmutableArray<Debt> Debts { get; set; } = [];

    public Task<ImmutableArray<Debt>> DebtsAsync(string? cluster, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<Debt>>([.. Debts.Where(d => cluster is null || d.Cluster == cluster)]);

    public Task<MatrixAnswer?> MatrixAsync(string cluster, CancellationToken ct) => throw new NotSupportedException();

    public Task<(SafeAnswer? Answer, ImmutableArray<string> Wrong)> SafeAsync(string cluster, ImmutableArray<string> nodes, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task<Outcome> PayDebtAsync(Actor by, string id, string reason, CancellationToken ct) => Do($"pay {id} {reason}");

    public Task AuditAsync(Actor by, string said, string decision, CancellationToken ct)
    {
        _audit.Enqueue((by, said, decision));
        return Task.CompletedTask;
    }

    private Task<Outcome> Do(string asked)
    {
        Note(asked);
        return Task.FromResult(Answers(asked));
    }

    private void Note(string asked) => _asked.Enqueue(asked.TrimEnd());
}

internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    public static readonly Inventory Inventory = new([Cluster("messages-stg", "b", "c", "d"), Cluster("search-stg", "a", "b")]);

    public static readonly JobSummary Summary = new(
        FakeControl.KnownJob, "messages-stg", "rolling-restart", "Rolling restart", JobState.Running, null,
            new Person("1100000000000000201", "mara"),
        Now, Now, 9, 1);

    public static Plan Plan(RunRequest request)
    {
        var cluster = Inventory.Clusters[0];
        return new Plan
        {
            Request = request,
            Title = "Rolling restart",
            Hash = "0123456789abcdef",
            Cluster = cluster,
            WorkflowText = "name: rolling-restart",
            Variables = request.Variables,
            Targets = [.. cluster.Nodes.Select(n => new TargetNode(n.Name, n.Address, n.HostId, n.Zone.Datacenter, n.Zone.Rack, "6.2"))],
            Waves = [.. cluster.Nodes.GroupBy(n => n.Zone).Select(g => new PlanWave(g.Key, [.. g.Select(n => n.Name)], 1))],
            Steps = [new("1.1", "Drain", "scylla-drain", Direction.TakesDown, Risk.Disruptive, PerNode: true)],
            Verdict = ["Every range keeps its quorum"],
            Concerns = [],
            Approvals = ["one approver, before the start"],
        };
    }

    public static LiveJob Live()
    {
        var person = new Person("1100000000000000201", "mara");
        var birth = new Created(
            Now, "1", "rolling-restart", "", ImmutableSortedDictionary<string, string>.Empty, "messages-stg", person,
            [new TargetNode("messages-stg-b-1", "10.0.0.1", Guid.Empty, "us-east1", "b", "6.2")], "0123", "because", "Rolling restart",
                "ops");
        var job = new Job { Id = FakeControl.KnownJob, Birth = birth, State = JobState.Running, Updated = Now };
        return new LiveJob(
            job, null, [], [new NodeProgress("messages-stg-b-1", new Zone("us-east1", "b"), NodeProgressState.Held, "1.1", Now)], [], null);
    }

    private static Cluster Cluster(string name, params string[] racks) => new(
        name, ClusterEnvironment.Sandbox, ClusterMode.Run,
        [.. racks.SelectMany((r, i) => Enumerable.Range(1, 3).Select(n => new Node(
            $"{name}-{r}-{n}", $"10.0.{i}.{n}", new Guid(i, (short)n, 0, new byte[8]), new Zone("us-east1", r))
        {
            Api = new Uri("http://127.0.0.1:1"),
            Metrics = new Uri("http://127.0.0.1:2"),
        }))]);
}

using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Sqlite;
using ScyllaBot.Testing;

namespace ScyllaBot.Benchmarks;

/// <summary>
/// What the engine itself costs per step: a job of steps that do nothing, over a store that keeps nothing on disk and over SQLite, next to
/// the two durable appends that every step needs. Rounds are taken in turn; ratios are of the same round.
/// </summary>
internal static class EngineBenchmark
{
    private const int Rounds = 12;
    private const int WarmUp = 2;
    private const int Nodes = 30;
    private const int StepsPerNode = 10;
    private const double MostMillisecondsPerStep = 1.0;

    public static async Task<int> RunAsync(string parent)
    {
        var directory = Directory.CreateDirectory(Path.Combine(parent, $"scyllabot-bench-{Environment.ProcessId}"));
        try
        {
            var (memory, durable) = (new List<double>(), new List<double>());
            for (var round = 0; round < WarmUp + Rounds; round++)
            {
                memory.Add(await JobAsync(new InMemoryJobStore()));
                await using var store = await SqliteJobStore.OpenAsync(Path.Combine(directory.FullName, $"{round}.db"));
                durable.Add(await JobAsync(store));
            }

            var (m, d) = (Median(memory.Skip(WarmUp)), Median(durable.Skip(WarmUp)));
            Console.WriteLine($"engine alone (memory store):   {m:f3} ms per step, {Nodes * StepsPerNode} steps, median of {Rounds} jobs");
            Console.WriteLine($"with two durable appends each: {d:f3} ms per step, {d / m:f1} x the engine alone");
            Console.WriteLine($"target: engine overhead at most {MostMillisecondsPerStep:f1} ms per step: {(m <= MostMillisecondsPerStep ? "met" : "missed")}");
            return m <= MostMillisecondsPerStep ? 0 : 1;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<double> JobAsync(IJobStore store)
    {
        var cluster = new Cluster("bench", ClusterEnvironment.Sandbox, ClusterMode.Run, [.. Enumerable.Range(1, Nodes).Select(NodeOf)]);
        var inventory = new Inventory([cluster]);
        var binder = new WorkflowBinder(WorkflowLibrary.Of([], Catalog), Catalog);
        var ports = new JobPorts
        {
            Store = store,
            Time = TimeProvider.System,
            Random = new SystemRandom(),
            Http = new Nothing(),
            Commands = new Nothing(),
            Log = new Nothing(),
            Readers = [],
            Outbox = (_, _, _) => [],
        };
        await using var engine = new JobEngine(inventory, binder, ports, c => new ClusterWatch(c, ports.Http, ports.Time), NullLogger<JobEngine>.Instance);
        var job = await CreateAsync(store, cluster);
        var began = Stopwatch.GetTimestamp();
        await engine.StartAsync(job, []);
        await EndedAsync(store, job.Id);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / (Nodes * StepsPerNode);
    }

    private static async Task<Job> CreateAsync(IJobStore store, Cluster cluster)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = JobIds.New(now, new SystemRandom());
        var text = "name: bench\ncluster_tasks:\n  - task: !node-workflow\n      name: bench\n      concurrency_unit: cluster\n      concurrency_limit: 30\n      node_tasks:\n"
            + string.Concat(Enumerable.Repeat("        - task: !do-nothing\n", StepsPerNode));
        var targets = cluster.Nodes.Select(n => new TargetNode(n.Name, n.Address, n.HostId, n.Zone.Datacenter, n.Zone.Rack, "6.2"));
        ImmutableArray<JobEvent> events =
        [
            new Created(now, id.Value, "bench", text, ImmutableSortedDictionary<string, string>.Empty, cluster.Name, Person.Bot, [.. targets], "", "", "bench", "ops"),
            new LeaseTaken(now, cluster.Name, 1), new Began(now),
        ];
        await store.AppendAsync(StreamId.Of(id), 0, 1, [.. events], [], CancellationToken.None);
        return Job.From(id, events);
    }

    private static async Task EndedAsync(IJobStore store, JobId job)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while ((await store.ListJobsAsync(new JobFilter(OpenOnly: true), CancellationToken.None)).Any(j => j.Id == job))
        {
            await ticks.WaitForNextTickAsync();
        }
    }

    private static TaskCatalog Catalog { get; } = new([.. TaskCatalog.Core.All.Select(d => d.Type), typeof(DoNothing)]);

    private static Node NodeOf(int i) => new($"bench-{i}", $"10.0.0.{i}", new Guid(i, 0, 0, new byte[8]), new Zone("dc", "r"))
    {
        Api = new Uri("http://127.0.0.1:1"), Metrics = new Uri("http://127.0.0.1:1"),
    };

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private sealed class Nothing : IHttpExchange, ICommandChannel, ILogSink
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new ExchangeException(ExchangeFailure.NotConnected, "nothing is here");

        public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) => throw new ExchangeException(ExchangeFailure.NotConnected, "nothing is here");

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => Task.CompletedTask;

        public void Write(LogLine line)
        {
            // Writing is not what is measured.
        }
    }

    private sealed class SystemRandom : IRandom
    {
        public double NextDouble() => Random.Shared.NextDouble();

        public void NextBytes(Span<byte> bytes) => Random.Shared.NextBytes(bytes);
    }
}

/// <summary>The cheapest step there is.</summary>
[Tag("do-nothing", "Do nothing", Direction.Neutral, Risk.None, Interruptible.Yes)]
internal sealed record DoNothing : ITask<NodeContext>
{
    public IReadOnlyList<ICondition<NodeContext>> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Task.CompletedTask;
}

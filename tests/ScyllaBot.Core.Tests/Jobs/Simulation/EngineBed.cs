using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Oracle;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>
/// The engine as it runs in production, on one thread, against a simulated cluster and a store in memory. A seed decides every order;
/// hosts can be killed and started anew while cluster and store live on.
/// </summary>
internal sealed class EngineBed : IDisposable, ILogSink, IJobReader, ILogger<JobEngine>, IWorldObserver
{
    public const int MetricsPort = 9180;

    private readonly Random _random;
    private readonly BedOptions _options;
    private readonly WorkflowBinder _binder;
    private SeededScheduler _scheduler = null!;

    public EngineBed(int seed = 1, BedOptions? options = null)
    {
        _options = options ?? new BedOptions();
        _random = new Random(seed);
        World = new SandboxWorld(Time, seed, dice => [_options.Plan(dice), .. _options.Beside(dice)]);
        Oracle = World.Agenda.Run(() => new QuorumOracle(World));
        World.Agenda.Run(() => World.Watch(this));
        Ports = new WorldPorts(World, Time);
        Store = new WatchedStore(new InMemoryJobStore(), History);
        Inventory = new Inventory(
        [
            BedClusters.Seen(World.Clusters[0], _options),
            .. World.Clusters.Skip(1).Select(c => BedClusters.Seen(c, new BedOptions { Environment = ClusterEnvironment.Production, Group = _options.Group })),
        ]);
        _binder = new WorkflowBinder(WorkflowLibrary.Of(_options.Workflows, BedTasks.Catalog), BedTasks.Catalog);
        StartHost();
    }

    public SimulatedTime Time { get; } = new();

    public SandboxWorld World { get; }

    public QuorumOracle Oracle { get; }

    public WorldPorts Ports { get; }

    public WatchedStore Store { get; }

    /// <summary>For how long nobody has been reached by chat (R9); null while it works.</summary>
    public TimeSpan? ChatLostFor { get; set; }

    /// <summary>The bot has a pager.</summary>
    public bool HasPager { get; init; }

    public Inventory Inventory { get; private set; }

    public Cluster Cluster => Inventory.Clusters[0];

    public JobEngine Engine { get; private set; } = null!;

    public JobControl Control { get; private set; } = null!;

    /// <summary>Every journalled event and every effect on a node, in the order in which they happened.</summary>
    public List<object> History { get; } = [];

    public List<LogLine> Log { get; } = [];

    /// <summary>What the engine told its own log: jobs it let go.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Armed faults that came, and where.</summary>
    public List<(FaultKind Kind, string? Node)> Bites { get; } = [];

    /// <summary>What readers were told, as state after each append.</summary>
    public List<(Job Job, ImmutableArray<JobEvent> Events)> Told { get; } = [];

    /// <summary>Why conditions did not hold and nodes were not begun, each sentence once.</summary>
    public SortedSet<string> Reasons { get; } = new(StringComparer.Ordinal);

    public IEnumerable<JobEvent> Events => History.OfType<JobEvent>();

    public IEnumerable<Effect> Effects => History.OfType<Effect>();

    /// <summary>A new host process over the same store and cluster; open jobs are taken up.</summary>
    public ImmutableArray<(JobId Job, string Why)> StartHost(Func<Cluster, Cluster>? inventory = null)
    {
        _scheduler = new SeededScheduler(_random);
        Store.Revive();
        Ports.Revive();
        Inventory = inventory is null ? Inventory : new Inventory(Inventory.Clusters.SetItem(0, inventory(Cluster)));
        return Host();
    }

    /// <summary>A new host while the one before still runs; both are driven.</summary>
    public void StartSecondHost() => Host();

    private ImmutableArray<(JobId Job, string Why)> Host()
    {
        var watches = Inventory.Clusters.ToDictionary(c => c.Name, c => new Core.Clusters.ClusterWatch(c, Ports, Time));
        var ports = new JobPorts
        {
            Store = Store, Time = Time, Random = new SeededRandom(_random), Http = Ports, Commands = Ports, Log = this, Readers = [this], Inventory = Inventory, Approvals = _options.Approvals,
            Outbox = (job, e, plan) => OutboxItems.For(job, e, plan, sandbox: true, pager: HasPager, chatLost: ChatLostFor is not null), NewMailbox = () => new Mailbox(_scheduler), ChatLostFor = () => ChatLostFor,
            MaxDisruptiveJobs = _options.MaxDisruptiveJobs, Judgement = _options.Judgement, Guards = _options.Guards,
        };
        Engine = new JobEngine(Inventory, _binder, ports, c => watches[c.Name], this);
        var planner = new Planner(Inventory, _binder, ports, _options.Approvals, c => watches[c.Name]);
        Control = new JobControl(
            Engine, planner, ports, _options.Approvals, new JobChoices(_binder, BedTasks.Catalog), Inventory);
        return Do(() => Engine.ResumeAllAsync(ask: false, CancellationToken.None));
    }

    /// <summary>The host ends in good order, as on SIGTERM.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan StopHost()
    {
        var began = Time.Elapsed;
        _ = Do(async () =>
        {
            await Engine.DisposeAsync();
            return true;
        });
        return Time.Elapsed - began;
    }

    /// <summary>The host dies now: nothing of it runs any more. The cluster lives on.</summary>
    public void Kill() => _scheduler.Kill();

    /// <summary>Runs work on the scheduler to its end.</summary>
    public T Do<T>(Func<Task<T>> work)
    {
        var task = new Mailbox(_scheduler).PostAsync(work);
        Until(() => task.IsCompleted, TimeSpan.FromMinutes(10), "the call's answer");
        return task.GetAwaiter().GetResult();
    }

    /// <returns>False when the host died before it answered.</returns>
    public bool TryDo<T>(Func<Task<T>> work, out T? answer)
    {
        var task = new Mailbox(_scheduler).PostAsync(work);
        var isDone = TryUntil(() => task.IsCompleted, TimeSpan.FromMinutes(10));
        answer = isDone ? task.GetAwaiter().GetResult() : default;
        return isDone;
    }

    public Outcome Do(Func<IJobControl, Task<Outcome>> verb) => Do(() => verb(Control));

    /// <summary>Lets things happen until the condition holds.</summary>
    public void Until(Func<bool> condition, TimeSpan? atMost = null, string what = "the condition")
    {
        if (!TryUntil(condition, atMost ?? TimeSpan.FromHours(3)))
        {
            throw new InvalidOperationException($"{what} did not come:\n{Describe()}");
        }
    }

    /// <returns>False when time was over or the host died first.</returns>
    public bool TryUntil(Func<bool> condition, TimeSpan atMost)
    {
        var end = Time.Elapsed + atMost;
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!condition())
            {
                if (_scheduler.Stray is { } stray)
                {
                    throw new InvalidOperationException($"something left the thread:\n{stray}");
                }

                if ((Store.HasDied || Ports.HasDied) && !_scheduler.IsDead)
                {
                    Kill();
                    return false;
                }

                if (!_scheduler.RunOne() && !Time.FireNext(end))
                {
                    return condition();
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Pass(TimeSpan time) => TryUntil(() => false, time);

    public Job Job(JobId id) => Engine.Find(id)?.Job
        ?? Core.Jobs.Job.From(id, Store.Inner.ReadAsync(StreamId.Of(id), 0, CancellationToken.None).Result.Select(e => (JobEvent)e.Event));

    public void UntilState(JobId id, JobState state) => Until(() => Job(id).State == state, what: $"state {state}");

    /// <summary>What the store says now.</summary>
    public T Stored<T>(Func<IJobStore, Task<T>> read) => read(Store.Inner).Result;

    public bool Arm(FaultKind kind, string? node, int count = 1, double seconds = 60) =>
        World.Agenda.Run(() => World.Arm(kind, World.Clusters[0], node, count, TimeSpan.FromSeconds(seconds))) is not null;

    public Sandbox.Oracle.Verdict Verdict() => World.Agenda.Run(() => Oracle.Verdict()!);

    public SimNode Sim(string node) => World.Node(node)!;

    public string Describe() => string.Join('\n',
        [$"at {Time.Elapsed}", .. Complaints.TakeLast(5), .. History.TakeLast(12).Select(h => $"{h}"[..Math.Min(300, $"{h}".Length)]),
         .. Log.TakeLast(12).Select(l => $"{l}")]);

    public void Dispose() => World.Dispose();

    void ILogSink.Write(LogLine line) => Log.Add(line);

    void IJobReader.Committed(Job job, ImmutableArray<JobEvent> events) => Told.Add((job, events));

    void IJobReader.Touched(JobId job) => Reasons.UnionWith(Engine.Find(job) is { } run ? run.Waits.Values.Select(w => w.Why).Append(run.WhyNotNext).OfType<string>() : []);

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Complaints.Add($"{formatter(state, exception)} {exception}");

    bool ILogger.IsEnabled(LogLevel level) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void IWorldObserver.NodeChanged(SimNode node)
    {
        // The oracle looks.
    }

    void IWorldObserver.EffectRecorded(Effect effect) => History.Add(effect);

    void IWorldObserver.FaultTold(string what, Fault fault, string? node)
    {
        if (what == "bites")
        {
            Bites.Add((fault.Kind, node));
        }
    }

    private sealed class SeededRandom(Random random) : IRandom
    {
        public double NextDouble() => random.NextDouble();

        public void NextBytes(Span<byte> bytes) => random.NextBytes(bytes);
    }
}

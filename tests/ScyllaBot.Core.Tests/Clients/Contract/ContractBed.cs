using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;
using ScyllaBot.Sandbox.ScyllaManager;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>A simulated cluster with a vnode and a tablet keyspace and everything beside it, for single calls of clients.</summary>
internal sealed class ContractBed : IDisposable, IAnnounce, IFanOut
{
    public const string Tablets = "ledger";
    public const string Vnodes = "discord";

    private static readonly SecretRef Password = SecretRef.TryParse("env:SALT_PASSWORD")!;
    private readonly EngineBed _bed = new(options: new BedOptions { Plan = Plan, Beside = dice => [BedClusters.Source(dice)] });

    public ContractBed()
    {
        (Http, Rest) = (new ExchangeTap(_bed.Ports), new NodeRest(_bed.World));
        Sim.Services.OfType<SimSalt>().Single().Password = Password.Placeholder;

        // A shadow that nobody feeds is idle, and idle nodes tell nothing of latencies.
        InWorld(() => SimMirror.Stray(300));
        Cluster = _bed.Cluster with
        {
            Prometheus = Endpoint("prometheus"),
            Alertmanager = Endpoint("alertmanager"),
            Salt = new SaltEndpoint(new Uri($"http://services.{BedClusters.Name}/salt"), "scp", Password, "sharedsecret"),
            Ansible = new AnsibleRunner("d1", "/srv/ansible", "hosts.ini"),
            Enables = ["http-request:services.mini"],
        };
    }

    /// <summary>A node's API without a client.</summary>
    public NodeRest Rest { get; }

    public static CancellationToken Ct => CancellationToken.None;

    public Cluster Cluster { get; }

    /// <summary>What every client's HTTP calls go through.</summary>
    public ExchangeTap Http { get; }

    public SimCluster Sim => _bed.World.Clusters[0];

    public SimScyllaManager SimManager => Sim.Services.OfType<SimScyllaManager>().Single();

    public TimeProvider Time => _bed.Time;

    /// <summary>Node b1, as its step has it.</summary>
    public NodeContext Node => Of("b1");

    public ScyllaApi Api => Node.Scylla;

    public ScyllaManager Manager => new(Cluster.Manager!, Http, Node.Stamp);

    public Mirror Mirror => Mirror.Of(Node);

    public SimMirror SimMirror => Sim.Services.OfType<SimMirror>().Single();

    public Provisioner Provisioner => Provisioner.Of(Node);

    public Prometheus Prometheus => new(Cluster.Prometheus!, Http);

    public Alertmanager Alertmanager => new(Cluster.Alertmanager!, Http, Node.Stamp);

    public Task<Salt> LoginAsync() => Salt.LoginAsync(Cluster.Salt!, Http, Ct, Node.Stamp);

    public NodeContext Of(string node) => new(
        new ClusterContext
        {
            Cluster = Cluster, Stamp = new StepStamp("01JOB", "1.2", 1, 7), Held = () => [], Watch = new ClusterWatch(Cluster, Http, Time), Http = Http, Inventory = _bed.Inventory,
            Commands = _bed.Ports, Announce = this, FanOut = this, Judgement = Judgement.Sound, Log = Lines(node), Time = Time,
            Wait = new ConditionWait(Time, Time.GetUtcNow(), new StepKey("1.2", null), Lines(node), (_, _) => { }),
        },
        Cluster.Find(node)!);

    public SimNode SimOf(string node) => _bed.Sim(node);

    public T InWorld<T>(Func<T> look) => _bed.World.Agenda.Run(look);

    public void InWorld(Action act) => _bed.World.Agenda.Run(act);

    public void Pass(TimeSpan time) => _bed.Pass(time);

    /// <summary>Prometheus scrapes, and some minutes of it pass.</summary>
    public void Scrape()
    {
        InWorld(Sim.Services.OfType<SimPrometheus>().Single().Start);
        Pass(TimeSpan.FromMinutes(6));
    }

    public void Stop(string node)
    {
        InWorld(() => SimOf(node).Kill(Cause.Nobody));
        Pass(TimeSpan.FromMinutes(1));
    }

    /// <summary>A start, stopped in time at one of its phases.</summary>
    public void StartUntil(string node, StartPhase phase)
    {
        Stop(node);
        if (phase > StartPhase.Refused)
        {
            InWorld(() => { _ = SimOf(node).Unit.StartAsync(Cause.Nobody, "start"); });
            _bed.Until(() => SimOf(node).Phase == phase, what: $"{phase}");
        }
    }

    /// <summary>A spare begins to join.</summary>
    public void Join() => InWorld(() => { _ = Sim.Machines.Except(Sim.Nodes).Single().Unit.StartAsync(Cause.Nobody, "start"); });

    public T Do<T>(Func<Task<T>> work) => _bed.Do(work);

    /// <returns>The answer, or that there was none in time.</returns>
    public (T? Answer, bool IsLost) TryFor<T>(TimeSpan time, Func<Task<T>> work)
    {
        var task = work();
        return _bed.TryUntil(() => task.IsCompleted, time) ? (task.Result, false) : (default, true);
    }

    /// <summary>What came of it, thrown or not.</summary>
    public (object? Answer, Exception? Failure) Try(Func<Task<object?>> work) => _bed.Do(async () =>
    {
        try
        {
            return ((object?, Exception?))(await work(), null);
        }
        catch (Exception failure)
        {
            return (null, failure);
        }
    });

    public void Dispose() => _bed.Dispose();

    Task IAnnounce.SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct) => Task.CompletedTask;

    Task IFanOut.RunAsync(NodeWorkflow workflow, CancellationToken ct) => throw new NotSupportedException();

    private static ClusterPlan Plan(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1));
        ImmutableArray<NodeIdentity> replicas = [plan.Nodes[0], plan.Nodes[2], plan.Nodes[3]];
        var tablets = new[] { long.MinValue / 2, 0, long.MaxValue / 2, long.MaxValue }.Select(last => new Tablet(last, replicas));
        return plan.WithSpare("b", dice) with { ShadowOf = BedClusters.SourceName, Keyspaces = plan.Keyspaces.Add(new Keyspace(Tablets, Strategy.NetworkTopology, 3, [new Table("entries", [.. tablets])])) };
    }

    private static ServiceEndpoint Endpoint(string kind) => new(
        new Uri($"http://services.{BedClusters.Name}/{kind}/"), ImmutableSortedDictionary<string, string>.Empty, [], $"cluster=\"{BedClusters.Name}\"");

    private StepLog Lines(string node) => new(_bed, Time, "01JOB", "1.2", node);
}

using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

/// <summary>Single tasks and conditions against a simulated cluster and the services beside it, in virtual time.</summary>
internal sealed class WatchBed : IDisposable, IAnnounce, IFanOut, IAskHuman
{
    public static readonly SecretRef Password = SecretRef.TryParse("env:SALT_PASSWORD")!;

    private readonly EngineBed _bed = new();

    public WatchBed()
    {
        Salt.Password = Password.Placeholder;
        Cluster = _bed.Cluster with
        {
            Prometheus = Endpoint("prometheus", $"cluster=\"{BedClusters.Name}\""),
            Alertmanager = Endpoint("alertmanager", $"cluster=\"{BedClusters.Name}\""),
            Salt = new SaltEndpoint(new Uri($"http://services.{BedClusters.Name}/salt"), "scp", Password, "sharedsecret"),
            Ansible = new AnsibleRunner("d1", "/srv/ansible", "hosts.ini"),
        };
    }

    public Cluster Cluster { get; set; }

    public SandboxWorld World => _bed.World;

    public WorldPorts Ports => _bed.Ports;

    public SimCluster Sim => World.Clusters[0];

    public SimSalt Salt => Sim.Services.OfType<SimSalt>().Single();

    public SimAlertmanager Alerts => Sim.Services.OfType<SimAlertmanager>().Single();

    public SimPrometheus Prometheus => Sim.Services.OfType<SimPrometheus>().Single();

    public List<Reading> Readings { get; } = [];

    public List<HumanQuestion> Asked { get; } = [];

    public string Answer { get; set; } = "yes";

    public ImmutableSortedSet<string> Held { get; set; } = [];

    public Dictionary<string, double> Baselines { get; } = new(StringComparer.Ordinal);

    /// <summary>Stands for the same attempt, entered again, when a task is run twice.</summary>
    public StepStamp Stamp { get; set; } = new("01JOB", "1.2", 1, 7);

    public IEnumerable<string> Log => _bed.Log.Select(l => l.Text);

    public IEnumerable<string> Effects => _bed.Effects.Select(e => $"{e.Node} {e.Kind}");

    public ClusterContext OfCluster() => new()
    {
        Cluster = Cluster, Stamp = Stamp, Held = () => Held, Watch = new ClusterWatch(Cluster, Ports, _bed.Time), Http = Ports, Commands = Ports,
        Announce = this, FanOut = this, Judgement = Judgement.Sound, Log = Lines(null), Time = _bed.Time,
        Wait = new ConditionWait(_bed.Time, _bed.Time.GetUtcNow(), new StepKey("1.2", null), Lines(null), (_, _) => { }),
        Baseline = key => Baselines.TryGetValue(key, out var before) ? before : null, Observe = Readings.Add, People = this,
    };

    public NodeContext Of(string node) => new(OfCluster(), Cluster.Find(node)!);

    public void Run(ITask<ClusterContext> task) => Do(() => task.ExecuteAsync(OfCluster(), CancellationToken.None));

    public void Run(ITask<NodeContext> task, string node = "b1") => Do(() => task.ExecuteAsync(Of(node), CancellationToken.None));

    public string? WhyNot(ICondition<ClusterContext> condition) => Do(() => condition.WhyNotAsync(OfCluster(), CancellationToken.None));

    public string? WhyNot(ICondition<NodeContext> condition, string node) => Do(() => condition.WhyNotAsync(Of(node), CancellationToken.None));

    public T Do<T>(Func<Task<T>> work) => _bed.Do(work);

    public void Do(Func<Task> work) => _bed.Do(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Prometheus scrapes from now on; some minutes of it pass.</summary>
    public void Scrape(double minutes = 6)
    {
        World.Agenda.Run(Prometheus.Start);
        Pass(minutes);
    }

    public void Pass(double minutes) => _bed.Pass(TimeSpan.FromMinutes(minutes));

    /// <summary>The node's process is gone, and everybody has noticed.</summary>
    public void Stop(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            World.Agenda.Run(() => World.Node(node)!.Kill(Cause.Nobody));
        }

        Pass(1);
    }

    public void Load(double perNode, double timeoutShare = 0) => World.Agenda.Run(() => Sim.Traffic.SetLoad(perNode, timeoutShare));

    public void Dispose() => _bed.Dispose();

    Task IAnnounce.SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct) => Task.CompletedTask;

    Task IFanOut.RunAsync(NodeWorkflow workflow, CancellationToken ct) => throw new NotSupportedException();

    Task<string> IAskHuman.AskAsync(HumanQuestion question, CancellationToken ct)
    {
        Asked.Add(question);
        return Task.FromResult(Answer);
    }

    private StepLog Lines(string? node) => new(_bed, _bed.Time, "01JOB", "1.2", node);

    private static ServiceEndpoint Endpoint(string kind, string matcher) => new(
        new Uri($"http://services.{BedClusters.Name}/{kind}/"), ImmutableSortedDictionary<string, string>.Empty, [], matcher);
}

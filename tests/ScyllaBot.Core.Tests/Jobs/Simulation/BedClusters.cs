using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>What a bed consists of.</summary>
internal sealed record BedOptions
{
    /// <value>Default: zone b with two nodes, c and d with one each; one keyspace with RF 3.</value>
    public Func<Dice, ClusterPlan> Plan { get; init; } = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1));

    /// <summary>As the inventory's <c>exclusive_group</c>, of all clusters.</summary>
    public string? Group { get; init; }

    public int MaxDisruptiveJobs { get; init; } = 3;

    /// <summary>Further clusters that the world and the inventory have, all of them production; a job runs on the first.</summary>
    public Func<Dice, ClusterPlan[]> Beside { get; init; } = _ => [];

    /// <value>Default <see cref="BedWorkflows.All"/>.</value>
    public IEnumerable<(string File, string Text)> Workflows { get; init; } = BedWorkflows.All;

    /// <value>Default: one approval, for an hour.</value>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>Another one shows what a check is there for.</summary>
    public Judgement Judgement { get; init; } = Judgement.Sound;

    public GuardSettings Guards { get; init; } = new();

    public ClusterEnvironment Environment { get; init; } = ClusterEnvironment.Sandbox;

    public ClusterMode Mode { get; init; } = ClusterMode.Run;

    /// <summary>As the inventory's <c>enables</c>.</summary>
    public string[] Enables { get; init; } = [];

    /// <summary>The inventory names spare machines too.</summary>
    public bool WithSpares { get; init; }

    /// <summary>The inventory has no host id for spare machines, as is right for those that have never been in a ring.</summary>
    public bool SparesAreNew { get; init; }

    /// <summary>The inventory names what stands beside the cluster: Alertmanager, Salt, a runner for Ansible.</summary>
    public bool WithServices { get; init; }
}

internal static class BedClusters
{
    public const string Name = "mini";

    /// <summary>Nothing puts the value in here: the bed's salt-api takes the placeholder for it.</summary>
    public static readonly SecretRef SaltPassword = SecretRef.TryParse("env:SALT_PASSWORD")!;

    /// <summary>With a tablet keyspace besides, each tablet on one node of every rack: a node that leaves has them drained first.</summary>
    public static ClusterPlan WithTablets(this ClusterPlan plan, int count)
    {
        var racks = plan.Nodes.GroupBy(n => n.Rack, StringComparer.Ordinal).Select(r => r.ToArray()).ToArray();
        var slice = ulong.MaxValue / (ulong)count;
        var tablets = Enumerable.Range(0, count).Select(i => new Tablet(
            i == count - 1 ? long.MaxValue : (long)(slice * (ulong)(i + 1)) ^ long.MinValue, [.. racks.Select(rack => rack[i % rack.Length])]));
        return plan with { Keyspaces = plan.Keyspaces.Add(new Keyspace("ledger", Strategy.NetworkTopology, racks.Length, [new Table("entries", [.. tablets])])) };
    }

    /// <summary>Nodes are called b1, b2, c1 …, all in dc1.</summary>
    public static ClusterPlan Plan(Dice dice, params (string Rack, int Nodes)[] racks)
    {
        var names = racks.SelectMany(r => Enumerable.Range(1, r.Nodes).Select(i => (r.Rack, Name: $"{r.Rack}{i}"))).ToArray();
        var nodes = names.Select((n, i) => new NodeIdentity(
            Name, n.Name, $"10.0.0.{i + 1}", dice.Uuid(n.Name), "us-east1", n.Rack,
            [.. Enumerable.Range(0, 4).Select(t => dice.Token($"{n.Name}/{t}")).Order()]));
        return new ClusterPlan(Name, [.. nodes],
        [
            new Keyspace("discord", Strategy.NetworkTopology, 3, [Table.OfVnodes("messages")]),
            new Keyspace("system_traces", Strategy.Simple, 2, [Table.OfVnodes("events")]),
        ]);
    }

    /// <summary>What a shadow is fed from: three nodes that are called s-b1, s-c1, s-d1.</summary>
    public const string SourceName = "origin";

    /// <summary>See <see cref="SourceName"/>.</summary>
    public static ClusterPlan Source(Dice dice)
    {
        var nodes = new[] { "b", "c", "d" }.Select((rack, i) => new NodeIdentity(
            SourceName, $"s-{rack}1", $"10.0.7.{i + 1}", dice.Uuid($"s-{rack}1"), "us-east1", rack, [.. Enumerable.Range(0, 4).Select(t => dice.Token($"s-{rack}1/{t}")).Order()]));
        return new ClusterPlan(SourceName, [.. nodes], Plan(dice, ("b", 1)).Keyspaces);
    }

    /// <summary>The cluster as an inventory would describe it.</summary>
    public static Cluster Seen(SimCluster cluster, BedOptions options) => options.WithServices ? WithServices(Plain(cluster, options)) : Plain(cluster, options);

    private static Cluster WithServices(Cluster cluster) => cluster with
    {
        Alertmanager = new ServiceEndpoint(new Uri($"http://services.{cluster.Name}/alertmanager/"), ImmutableSortedDictionary<string, string>.Empty, []),
        Salt = new SaltEndpoint(new Uri($"http://services.{cluster.Name}/salt"), "scp", SaltPassword, "sharedsecret"),
        Ansible = new AnsibleRunner(cluster.Nodes[^1].Name, "/srv/ansible", "hosts.ini"),
    };

    private static Cluster Plain(SimCluster cluster, BedOptions options) => new(
        cluster.Name, options.Environment, options.Mode, [.. (options.WithSpares || options.SparesAreNew ? cluster.Machines : cluster.Nodes).Select(n => Node(n, options))])
    {
        Exemptions = [new Exemption("system_traces", "traces may be lost", "sandbox", null)],
        Manager = new ManagerEndpoint(new Uri($"http://services.{cluster.Name}/manager/api/v1/"), cluster.Name),
        Enables = [.. options.Enables],
        ExclusiveGroup = options.Group,
        Provisioner = cluster.Runner is { } runner
            ? new ProvisionerProgram(runner.Id.Name, SimProvisioner.Path, ImmutableSortedDictionary<string, string>.Empty.Add("machine_type", "sim-8"), null) : null,
        DataService = cluster.Runner is null
            ? null : new ServiceEndpoint(new Uri($"http://services.{cluster.Name}/mirror/"), ImmutableSortedDictionary<string, string>.Empty, []),
    };

    private static Node Node(SimNode node, BedOptions options) => new(node.Id.Name, node.Id.Address, options.SparesAreNew && !node.IsMember ? Guid.Empty : node.Id.HostId, new Zone(node.Id.Dc, node.Id.Rack))
    {
        Api = new Uri($"http://{node.Id.Address}:10000/"),
        Metrics = new Uri($"http://{node.Id.Address}:{EngineBed.MetricsPort}/metrics"),
    };
}

internal static class BedWorkflows
{
    /// <summary>The shipped restart with shorter windows: the same steps in fewer simulated polls.</summary>
    public const string Restart = """
        name: Restart each node
        repairs: allow
        variables:
          - name: limit
            type: integer
            default: 1
        cluster_tasks:
          - task: !node-workflow
              name: Restart
              concurrency_limit: +limit+
              node_tasks:
                - task: !scylla-drain
                - task: !systemd-stop-scylla-server
                - task: !systemd-start-service
                    service: scylla-server
                  retries: 1
                  retry_delay_seconds: 10
                - task: !wait-for-conditions
                    conditions:
                      - condition: !up-for-all-peers
                        success_window_seconds: 10
                        poll_interval_seconds: 5
                        timeout_seconds: 300
        """;

    /// <summary>A workflow <c>own</c> of these node steps.</summary>
    /// <param name="nodeTasks">As YAML, the first dash in column 0.</param>
    /// <param name="more">Further keys of the node workflow.</param>
    /// <param name="after">Further cluster steps.</param>
    /// <param name="top">Further keys of the workflow.</param>
    public static BedOptions Own(string nodeTasks, string more = "", string after = "", string top = "") => new()
    {
        Workflows =
        [
            ("own.yaml", $"""
                name: Own
                cluster_tasks:
                  - task: !node-workflow
                      name: Nodes
                {Indent(more, 6)}
                      node_tasks:
                {Indent(nodeTasks, 8)}
                {Indent(after, 2)}
                {top}
                {(top.Contains("repairs:", StringComparison.Ordinal) ? "" : "repairs: allow")}
                """),
        ],
    };

    /// <summary>A workflow <c>own</c> of cluster steps alone.</summary>
    public static BedOptions OfCluster(string clusterTasks, string top = "") => new()
    {
        Workflows = [("own.yaml", $"name: Own\ncluster_tasks:\n{Indent(clusterTasks, 2)}\n{top}")],
    };

    private static string Indent(string text, int by) =>
        string.Join('\n', text.Split('\n').Where(l => l.Trim().Length > 0).Select(l => new string(' ', by) + l));

    public static IEnumerable<(string File, string Text)> All => [("restart.yaml", Restart)];
}

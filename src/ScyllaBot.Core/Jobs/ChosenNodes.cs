using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Whom a node workflow goes over: the job's targets, the ring as it is when it begins, or who is named.</summary>
internal static class ChosenNodes
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    /// <summary>As the journal has them; nobody before the node workflow has begun.</summary>
    public static ImmutableArray<TargetNode> Of(Job job, string path, NodeWorkflow workflow) => NodeSelection.IsTargets(workflow.Nodes)
        ? job.Birth.Targets
        : job.Chosen.TryGetValue(path, out var chosen) ? chosen : [];

    /// <summary>For plans: who it would be now.</summary>
    public static ImmutableArray<TargetNode> Preview(NodeWorkflow workflow, ImmutableArray<TargetNode> targets, ClusterSnapshot snapshot) =>
        NodeSelection.IsTargets(workflow.Nodes) ? targets
        : [.. Names(workflow, targets, snapshot.Cluster, Members(snapshot) ?? []).Select(n => targets.FirstOrDefault(t => t.Name == n.Name) ?? Target(n, "unknown"))];

    /// <summary>Asks for them and journals them, once.</summary>
    /// <exception cref="RecoverableException">The ring moves, or its nodes do not agree about it.</exception>
    public static async Task ChooseAsync(JobRun run, string path, NodeWorkflow workflow, CancellationToken ct)
    {
        if (NodeSelection.IsTargets(workflow.Nodes) || run.Job.Chosen.ContainsKey(path))
        {
            return;
        }

        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.HostStopping);
        var members = NodeSelection.AsksTheRing(workflow.Nodes) ? await MembersAsync(run, link.Token) : [];
        var nodes = Names(workflow, run.Job.Birth.Targets, run.Bound.Cluster, members).ToArray();
        var chosen = await Task.WhenAll(nodes.Select(n => TargetAsync(run, n, link.Token)));
        await run.AppendAsync(job => job.Chosen.ContainsKey(path) || job.State != JobState.Running ? [] : [new NodesChosen(run.Time.GetUtcNow(), path, [.. chosen])]);
        if (!run.Job.Chosen.ContainsKey(path))
        {
            throw new ParkedException($"{path}: the job is {run.Job.State}");
        }
    }

    private static IEnumerable<Node> Names(NodeWorkflow workflow, ImmutableArray<TargetNode> targets, Cluster cluster, ImmutableArray<Node> members) => workflow.Nodes switch
    {
        [NodeSelection.Ring] => members,
        [NodeSelection.RingExceptTargets] => members.Where(m => targets.All(t => t.Name != m.Name)),
        var names => cluster.Nodes.Where(n => names.Contains(n.Name, StringComparer.Ordinal)),
    };

    private static async Task<ImmutableArray<Node>> MembersAsync(JobRun run, CancellationToken ct)
    {
        var until = run.Time.GetUtcNow() + Patience;
        while (true)
        {
            if (Members(await run.Bound.Watch.ReadAsync(Freshness, ct)) is { IsEmpty: false } members)
            {
                return members;
            }

            if (run.Time.GetUtcNow() >= until)
            {
                throw new RecoverableException($"{run.Bound.Cluster.Name}: its nodes do not agree who is in the ring, or somebody joins or leaves, for {Patience.TotalMinutes:0} min");
            }

            await Task.Delay(BetweenLooks, run.Time, ct);
        }
    }

    /// <returns>In the order of the inventory; null: those that serve do not agree, or somebody joins or leaves.</returns>
    private static ImmutableArray<Node>? Members(ClusterSnapshot snapshot)
    {
        var serving = snapshot.Witnesses.Where(v => v.HostIds is not null).ToArray();
        var moving = snapshot.Views.Any(v => v.Joining is { Length: > 0 } || v.Leaving is { Length: > 0 });
        if (moving || serving.Length == 0 || serving.Any(v => !v.HostIds!.Keys.SequenceEqual(serving[0].HostIds!.Keys, StringComparer.Ordinal)))
        {
            return null;
        }

        return serving[0].HostIds!.Keys.FirstOrDefault(a => snapshot.Cluster.FindByAddress(a) is null) is { } stranger
            ? throw new UnrecoverableException($"{stranger} is in the ring, but not in the inventory: whom to go over is not known")
            : [.. snapshot.Cluster.Nodes.Where(n => serving[0].HostIds!.ContainsKey(n.Address))];
    }

    private static async Task<TargetNode> TargetAsync(JobRun run, Node node, CancellationToken ct)
    {
        try
        {
            return Target(node, await new ScyllaApi(node, run.Ports.Http, new StepStamp(run.Job.Id.Value, "-", 0, 0)).VersionAsync(ct));
        }
        catch (RecoverableException)
        {
            // Who can not be asked is chosen all the same: its own steps judge.
            return Target(node, "unknown");
        }
    }

    private static TargetNode Target(Node node, string version) =>
        new(node.Name, node.Address, node.HostId, node.Zone.Datacenter, node.Zone.Rack, version) { FailureDomain = node.FailureDomain };
}

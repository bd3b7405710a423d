using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Makes plans: what would happen, to which nodes, in which order, and why it is safe now (R15). Changes nothing.</summary>
public sealed class Planner(
    InventoryBook inventory, WorkflowBinder binder, JobPorts ports, ApprovalPolicy policy, Func<Cluster, ClusterWatch> watchOf)
{
    // A node that can not be asked now has not changed its version: the hash must not depend on who answers (R15).
    private ImmutableSortedDictionary<Guid, string> _versions = ImmutableSortedDictionary<Guid, string>.Empty;

    /// <summary>Everyone's view of a cluster of the inventory, a few seconds old at most.</summary>
    public Task<ClusterSnapshot> LookAsync(Cluster cluster, CancellationToken ct) => watchOf(cluster).ReadAsync(TimeSpan.FromSeconds(5), ct);

    public async Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, CancellationToken ct)
    {
        var (text, errors) = binder.TextOf(request.Workflow);
        return text is null ? new PlanOutcome.Refused(errors) : await PlanAsync(by, request, text, ct);
    }

    public async Task<PlanOutcome> PlanTaskAsync(Actor by, TaskRequest request, CancellationToken ct)
    {
        var (text, errors) = binder.TextOf(request);
        var run = new RunRequest(
            request.RequestId, request.Task, request.Cluster, request.Node is null ? new Target.All() : new Target.Named([request.Node]),
            ImmutableSortedDictionary<string, string>.Empty, request.Reason) { Under = request.Under };
        return text is null ? new PlanOutcome.Refused(errors) : await PlanAsync(by, run, text, ct);
    }

    /// <summary>Plans a text again: what a start compares with what was shown.</summary>
    public async Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, string text, CancellationToken ct)
    {
        if (inventory.Current.Find(request.Cluster) is not { } cluster)
        {
            return Refused($"No cluster {request.Cluster}. {Hint.Of(request.Cluster, inventory.Current.Clusters.Select(c => c.Name))}");
        }

        var values = new WorkflowValues { Cluster = cluster, JobId = "plan", Operator = by.Person.Name, Given = request.Variables };
        var (binding, errors) = binder.Bind(request.Workflow, text, values);
        var (nodes, wrong) = TargetSelection.Of(cluster, request.Target);
        errors = errors.AddRange(wrong).AddRange(binding is null ? [] : ClusterRefusals.Of(binding.Workflow, cluster, inventory.Current));
        if (binding is null || !errors.IsEmpty)
        {
            return new PlanOutcome.Refused(errors);
        }

        try
        {
            return await ReadAsync(request, text, cluster, binding, nodes, ct);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return Refused($"The cluster could not be read: {unreadable.Message}. Nothing was changed; try again when it answers.");
        }
    }

    private static PlanOutcome.Refused Refused(string why) => new([why]);

    private async Task<PlanOutcome> ReadAsync(
        RunRequest request, string text, Cluster cluster, LoadedWorkflow binding, ImmutableArray<Node> chosen, CancellationToken ct)
    {
        var snapshot = await watchOf(cluster).ReadAsync(TimeSpan.Zero, ct);
        cluster = snapshot.Cluster;
        var (nodes, wrong) = RingTargets.Of(binding.Workflow, request.Target, snapshot, chosen);
        var mayBeOut = RingChanges.MayBeOut(binding.Workflow, cluster, chosen.Select(n => n.Name));
        wrong = [.. await RingDrift.FindAsync(snapshot, mayBeOut, ports.Http, ct, RingChanges.FoundsRing(binding.Workflow)), .. wrong];
        if (!wrong.IsEmpty)
        {
            return new PlanOutcome.Refused(wrong);
        }

        // Where there is no ring yet nothing can be lost.
        var availability = cluster.IsUnborn ? null : await AvailabilityReader.ReadAsync(cluster, snapshot, ports.Http, ports.Commands, null, ct);
        var targets = await TargetsAsync(nodes, ct);
        var steps = PlanSteps.Of(binding.Workflow);
        var waves = binding.Workflow.ClusterTasks.Select(s => s.Task).OfType<NodeWorkflow>()
            .SelectMany(w => RollingPlan.Of(targets, w.ConcurrencyUnit, w.ConcurrencyLimit, w.ZoneOrder).Waves).ToImmutableArray();
        var open = await ports.Store.DebtsAsync(new DebtFilter(cluster.Name), ct);
        var disruptive = steps.Any(s => s.Direction == Direction.TakesDown);
        var needed = policy.CountFor(cluster.Environment, steps);
        return new PlanOutcome.Ready(new Plan
        {
            Request = request,
            Title = binding.Workflow.Name,
            Hash = HashOf(text, binding.Variables, cluster, targets, availability?.Rings ?? []),
            Cluster = cluster,
            WorkflowText = text,
            Variables = binding.Variables,
            Targets = targets,
            Waves = waves,
            Steps = steps,
            Class = LeaseClasses.Of(binding.Workflow, targets),
            Verdict = PlanVerdict.Of(cluster, availability, snapshot, waves, disruptive),
            Concerns = ClusterNormal.WhyNot(snapshot, ImmutableSortedSet<string>.Empty) is { } concern && disruptive ? [concern, .. PlanDebts.Concerns(open, binding.Workflow)] : PlanDebts.Concerns(open, binding.Workflow),
            Debts = PlanDebts.Lines(open, binding.Workflow),
            Approvals = needed == 0 ? [] : [$"{needed} approval{(needed == 1 ? "" : "s")} before the start, not by the requester"],
        });
    }

    private async Task<ImmutableArray<TargetNode>> TargetsAsync(ImmutableArray<Node> nodes, CancellationToken ct)
    {
        var stamp = new StepStamp("plan", "-", 0, 0);
        return [.. await Task.WhenAll(nodes.Select(async n => new TargetNode(
            n.Name, n.Address, n.HostId, n.Zone.Datacenter, n.Zone.Rack, await VersionAsync(n, new ScyllaApi(n, ports.Http, stamp), ct)) { FailureDomain = n.FailureDomain }))];
    }

    private async Task<string> VersionAsync(Node node, ScyllaApi api, CancellationToken ct)
    {
        if (!node.IsInRing)
        {
            return "none";
        }

        try
        {
            var version = await api.VersionAsync(ct);
            ImmutableInterlocked.Update(ref _versions, v => v.SetItem(node.HostId, version));
            return version;
        }
        catch (RecoverableException)
        {
            return _versions.GetValueOrDefault(node.HostId, "unknown");
        }
    }

    /// <summary>R15: what was meant; not liveness, load or placement.</summary>
    private static string HashOf(
        string text, ImmutableSortedDictionary<string, string> variables, Cluster cluster, ImmutableArray<TargetNode> targets, ImmutableArray<ReplicatedRing> rings)
    {
        var meant = new StringBuilder(text);
        meant.AppendJoin('\n', variables.Select(v => $"{v.Key}={v.Value}")).Append('\n');
        meant.AppendJoin('\n', cluster.Exemptions.Select(e => $"{e.Keyspace}:{e.Reason}:{e.By}:{e.Until:O}")).Append('\n');
        meant.AppendJoin('\n', targets.Select(t => $"{t.Name}:{t.HostId}:{t.Datacenter}:{t.Rack}:{t.Version}{(t.FailureDomain is { } domain ? $":{domain}" : "")}")).Append('\n');
        meant.AppendJoin('\n', rings.Select(r =>
            $"{r.Keyspace}:{r.Replication?.Text ?? "inferred"}").Distinct(StringComparer.Ordinal)).Append('\n');
        meant.AppendJoin('\n', PlanVerdict.Policy(cluster));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(meant.ToString())));
    }
}

/// <summary>How many people must approve a start, per environment (R16). Destructive steps are never approved by their requester.</summary>
public sealed record ApprovalPolicy
{
    /// <value>Default: sandbox 1, staging 1, production 1, each only where a step takes a node down or destroys.</value>
    public ImmutableSortedDictionary<ClusterEnvironment, int> Starts { get; init; } = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty
        .Add(ClusterEnvironment.Sandbox, 1).Add(ClusterEnvironment.Staging, 1).Add(ClusterEnvironment.Production, 1);

    /// <value>Default 1 h: after it the plan is void and the lease free.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    public int CountFor(ClusterEnvironment environment, IEnumerable<PlanStep> steps) =>
        steps.Any(s => s.Direction == Direction.TakesDown || s.Risk == Risk.Destructive) ? Starts.GetValueOrDefault(environment, 1) : 0;
}

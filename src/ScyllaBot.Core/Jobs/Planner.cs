using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Makes plans: what would happen, to which nodes, in which order, and why it is safe now (R15). Changes nothing.</summary>
public sealed partial class Planner(
    InventoryBook inventory, WorkflowBinder binder, JobPorts ports, ApprovalPolicy policy, Func<Cluster, ClusterWatch> watchOf)
{
    // A node that can not be asked now has not changed its version: the hash must not depend on who answers (R15).
    private ImmutableSortedDictionary<Guid, string> _versions = ImmutableSortedDictionary<Guid, string>.Empty;

    /// <summary>Everyone's view of a cluster of the inventory, a few seconds old at most.</summary>
    public Task<ClusterSnapshot> LookAsync(Cluster cluster, CancellationToken ct) => watchOf(cluster).ReadAsync(TimeSpan.FromSeconds(5), ct);

    public async Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, CancellationToken ct)
    {
        var (text, errors) = binder.TextOf(request.Workflow);
        return text is null ? new PlanOutcome.Refused(errors) : await PlanAsync(by, request, text, isForShow: true, ct);
    }

    public async Task<PlanOutcome> PlanTaskAsync(Actor by, TaskRequest request, CancellationToken ct)
    {
        var (text, errors) = binder.TextOf(request);
        var run = new RunRequest(
            request.RequestId, request.Task, request.Cluster, request.Node is null ? new Target.All() : new Target.Named([request.Node]),
            ImmutableSortedDictionary<string, string>.Empty, request.Reason) { Under = request.Under, KnownDown = request.KnownDown };
        return text is null ? new PlanOutcome.Refused(errors) : await PlanAsync(by, run, text, isForShow: true, ct);
    }

    /// <summary>Plans a text again: what a start compares with what was shown.</summary>
    /// <param name="isForShow">Say too what would be waited for and how long it takes.</param>
    public async Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, string text, bool isForShow, CancellationToken ct)
    {
        if (inventory.Current.Find(request.Cluster) is not { } cluster)
        {
            return Refused($"No cluster {Hint.Quoted(request.Cluster)}. {Hint.Of(request.Cluster, inventory.Current.Clusters.Select(c => c.Name))}");
        }

        var values = new WorkflowValues { Cluster = cluster, JobId = "plan", Operator = by.Person.Name, Given = request.Variables };
        var (binding, errors) = binder.Bind(request.Workflow, text, values);
        var (nodes, wrong) = TargetSelection.Of(cluster, request.Target, request.Except);
        var (known, alsoWrong) = KnownDowns.Of(cluster, request.KnownDown);
        errors = [.. errors, .. wrong, .. alsoWrong, .. BoundsWrong(request), .. binding is null ? [] : ClusterRefusals.Of(binding.Workflow, cluster, inventory.Current)];
        if (errors.IsEmpty && request.From is { } from)
        {
            (nodes, var error) = await new JobShares(ports.Store, binder).NarrowAsync(cluster, from, nodes, ct);
            errors = error is null ? errors : [error];
        }

        if (binding is null || !errors.IsEmpty)
        {
            return new PlanOutcome.Refused(errors);
        }

        try
        {
            var scope = new JobScope { Limit = request.Limit, StopAfter = request.StopAfter, KnownDown = known };
            return await ReadAsync(request, text, cluster, binding, nodes, scope, isForShow, ct);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return Refused($"The cluster could not be read: {unreadable.Message}. Nothing was changed; try again when it answers.");
        }
    }

    private static PlanOutcome.Refused Refused(string why) => new([why]);

    /// <summary>Of nobody at all to answer a hiccup of ours, or of the way there, is the likelier cause: it is no reason yet to send somebody away.</summary>
    private static async Task<ClusterSnapshot> LookAsync(ClusterWatch watch, CancellationToken ct) =>
        await watch.ReadAsync(TimeSpan.Zero, ct) is { IsSilent: false } seen ? seen : await watch.ReadAsync(TimeSpan.Zero, ct);

    private async Task<PlanOutcome> ReadAsync(
        RunRequest request, string text, Cluster cluster, LoadedWorkflow binding, ImmutableArray<Node> chosen, JobScope scope, bool isForShow, CancellationToken ct)
    {
        var watch = watchOf(cluster);
        var snapshot = await LookAsync(watch, ct);
        cluster = snapshot.Cluster;
        scope = scope with { KnownDown = [.. scope.KnownDown.Select(k => new KnownDownNode(k.Name, cluster.Find(k.Name)!.HostId))] };
        var (nodes, wrong) = RingTargets.Of(binding.Workflow, AsNamed(request.Target), snapshot, chosen);
        var mayBeOut = RingChanges.MayBeOut(binding.Workflow, cluster, chosen.Select(n => n.Name));
        wrong =
        [
            .. await RingDrift.FindAsync(snapshot, mayBeOut, ports.Http, ct, RingChanges.FoundsRing(binding.Workflow)), .. wrong,
            .. KnownDowns.WhyNot(scope.KnownDown, snapshot, nodes.Select(n => n.Name), mayBeOut.Count > 0),
        ];
        if (!wrong.IsEmpty)
        {
            return new PlanOutcome.Refused(wrong);
        }

        // Where there is no ring yet nothing can be lost.
        var availability = cluster.IsUnborn ? null : await AvailabilityReader.ReadAsync(cluster, snapshot, ports.Http, ports.Commands, null, ct);
        (var targets, scope) = Cut(await TargetsAsync(nodes, ct), binding.Workflow, scope);
        var meant = availability is null ? null : await MeaningReader.OfAsync(cluster, snapshot, availability, targets, ports, ct);
        var steps = RepairRounds.Around(PlanSteps.Of(binding.Workflow), binding.Workflow, cluster);
        var open = await ports.Store.DebtsAsync(new DebtFilter(cluster.Name), ct);
        var leader = await CoordinatorLast.ReadAsync(cluster, snapshot, ports, ct);
        var waves = CoordinatorLast.InOrder([.. binding.Workflow.Rollouts().SelectMany(w => WavesOf(w, ChosenNodes.Preview(w, targets, snapshot), scope))], leader, steps);
        var known = scope.KnownDown.Select(k => k.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        var verdict = PlanVerdict.Of(cluster, availability, snapshot, waves, steps, known);
        var start = policy.For(cluster, request.Workflow, steps);
        if (start.Confirm is not null && availability is not null && PlanVerdict.WhyNotPassed(availability, snapshot, waves, known) is { } unsafeNow)
        {
            return Refused($"{cluster.Name} is production, and this can not be undone: it needs a passed availability verdict (R17), but {unsafeNow}");
        }

        var plan = new Plan
        {
            Request = request,
            Title = binding.Workflow.Name,
            Hash = HashOf(text, binding.Variables, cluster, targets, availability?.Rings ?? [], meant, scope),
            Cluster = cluster,
            WorkflowText = text,
            Variables = binding.Variables,
            Targets = targets,
            Waves = waves,
            Steps = steps,
            Class = LeaseClasses.Of(binding.Workflow, targets),
            Verdict = [.. verdict, .. CoordinatorLast.Words(leader, waves, steps)],
            Concerns = [.. Concerns(snapshot, known, steps, binding.Workflow, start), .. PlanDebts.Concerns(open, binding.Workflow)],
            Debts = PlanDebts.Lines(open, binding.Workflow),
            Approvals = PlanGates.Words(binding.Workflow, start, targets.Length),
            Scope = scope,
            Meant = meant,
            Tasks = JobUpgrade.Of(binding.Workflow),
            Start = start,
            Gates = PlanGates.Of(binding.Workflow),
        };
        return new PlanOutcome.Ready(isForShow ? await ForShowAsync(plan, binding, snapshot, watch, ct) : plan);
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
        string text, ImmutableSortedDictionary<string, string> variables, Cluster cluster, ImmutableArray<TargetNode> targets, ImmutableArray<ReplicatedRing> rings,
        PlanMeaning? meaning, JobScope scope)
    {
        var meant = new StringBuilder(text);
        meant.AppendJoin('\n', variables.Select(v => $"{v.Key}={v.Value}")).Append('\n');
        meant.AppendJoin('\n', cluster.Exemptions.Select(e => $"{e.Keyspace}:{e.Reason}:{e.By}:{e.Until:O}")).Append('\n');
        meant.AppendJoin('\n', targets.Select(t => $"{t.Name}:{t.HostId}:{t.Datacenter}:{t.Rack}:{t.Version}{(t.FailureDomain is { } domain ? $":{domain}" : "")}")).Append('\n');
        meant.AppendJoin('\n', rings.Select(r =>
            $"{r.Keyspace}:{r.Replication?.Text ?? "inferred"}").Distinct(StringComparer.Ordinal)).Append('\n');
        meant.AppendJoin('\n', PlanVerdict.Policy(cluster)).Append('\n');
        meant.AppendJoin('\n', meaning?.Ring.Keys ?? []).Append('\n');
        meant.Append(CultureInfo.InvariantCulture, $"{scope.Limit}/{scope.StopAfter}/{string.Join(',', scope.Left)}/{string.Join(',', scope.KnownDown.Select(k => k.HostId))}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(meant.ToString())));
    }
}

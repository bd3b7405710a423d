using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    /// <summary>A bot that lives on after all takes one epoch for each job; it must not reach ours.</summary>
    private const long Margin = 100;

    private static readonly TimeSpan FencePatience = TimeSpan.FromSeconds(10);

    public async Task<Outcome> UnlockClusterAsync(Actor by, string name, string reason, CancellationToken ct)
    {
        if (!by.May(Rights.Approve))
        {
            return Forbidden("You may not do that: it needs the approver right.");
        }

        if (inventory.Current.Find(name) is not { } cluster)
        {
            return Refused($"No cluster {Cut(name)}. {Hint.Of(name, inventory.Current.Clusters.Select(c => c.Name))}");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return Refused("Give a reason: it stands in the record that this database goes on, and not another one.");
        }

        var look = await engine.Footprints.LookAsync(cluster, ct);
        if (ports.Fleet.ReadOnly(name) is null && look.WhyCanNotTell(cluster) is null)
        {
            return Refused($"Nothing was found on {name} that this database does not know: there is nothing to acknowledge. A job's lease is taken away with /scp unlock job:ID.");
        }

        return await AcknowledgeAsync(by, cluster, look, reason, ct);
    }

    private async Task<Outcome> AcknowledgeAsync(Actor by, Cluster cluster, Footprints look, string reason, CancellationToken ct)
    {
        var found = ports.Fleet.ReadOnly(cluster.Name);
        var lease = await ports.Store.LeaseAsync(cluster.Name, ct);
        var epoch = new[] { lease?.Epoch ?? 0, look.Epoch, found?.Epoch ?? 0 }.Max() + Margin;
        if (lease?.Job is { } holder)
        {
            // What the journal says of it may be old: it goes on when a human has said what became of each node (R19), under a new lease.
            var freed = await DoAsync(by, holder, Rights.Approve, (j, now) => IsOwnOnProduction(by, j)
                ? NotYou($"It holds your job {j.Id} on production: another approver must acknowledge (R21).")
                : Yes("", new Unlocked(now, by.Person, Cut(reason), j.Cluster, epoch)), evenStuck: true);
            if (freed is Outcome.Refused)
            {
                return freed;
            }
        }

        ImmutableArray<string> jobs = [.. look.Jobs.Union(found?.Jobs ?? [], StringComparer.Ordinal)];
        var said = new FootprintsAcknowledged(ports.Time.GetUtcNow(), by.Person, Cut(reason), cluster.Name, epoch, jobs);
        if (!await ports.Fleet.TryAppendAsync(ports.Store, said, ct))
        {
            return Refused($"It could not be recorded: the lease of {cluster.Name} moved just now. Ask again.");
        }

        engine.Footprints.Forget(cluster.Name);
        var deaf = await FenceAsync(cluster, epoch, ct);
        var open = await engine.TakeUpReleasedAsync(cluster.Name, ct);
        return new Outcome.Done(default, string.Join(' ', Said(cluster, epoch, deaf, open)));
    }

    private static IEnumerable<string> Said(Cluster cluster, long epoch, ImmutableArray<string> deaf, ImmutableArray<Job> open) =>
    [
        $"Acknowledged: {cluster.Name} goes on with this database, from lease epoch {epoch} on; nodes refuse whatever an earlier bot still sends.",
        .. deaf.IsEmpty ? [] : new[] { $"Not reached just now: {string.Join(", ", deaf)}; they refuse it from our first command on." },
        .. open.Where(j => j.IsUnlocked).Select(j =>
            $"Job {j.Id} ({j.Birth.Title}) stands paused, and may be older here than what was done: /scp handback says what becomes of each node, /scp abort ends it."),
        .. open.Where(j => !j.IsUnlocked).Select(j => $"Job {j.Id} ({j.Birth.Title}) was taken up again."),
    ];

    /// <summary>Every node hears of the new epoch by a command that does nothing (R13).</summary>
    /// <returns>Nodes that could not be told.</returns>
    private async Task<ImmutableArray<string>> FenceAsync(Cluster cluster, long epoch, CancellationToken ct)
    {
        var receipt = string.Create(CultureInfo.InvariantCulture, $"scp-fence-{cluster.Name}-{epoch}");
        var command = new RemoteCommand(["true"], FencePatience) { Step = "fence", Receipt = receipt, Epoch = epoch, Lease = cluster.Name };
        var told = await Task.WhenAll(cluster.Members.Select(async node =>
        {
            try
            {
                await NodeCommands.ReadAsync(ports.Commands, node, command, ct);
                await ports.Commands.ReleaseAsync(node, receipt, ct);
                return null;
            }
            catch (Exception deaf) when (deaf is RecoverableException or UnrecoverableException or CommandLostException)
            {
                return node.Name;
            }
        }));
        return [.. told.OfType<string>()];
    }

    /// <summary>R13; what brings a node up waits for nobody (R4).</summary>
    private async Task<string?> WhyReadOnlyAsync(Plan plan, CancellationToken ct) =>
        await engine.Footprints.WhyReadOnlyAsync(plan.Cluster, ct) is { } why && !UnderRules.OnlyBringsUp(plan) ? why : null;

    /// <summary>A plan takes nothing, so it is made all the same, and says it first; shortly, for a card has little room.</summary>
    private async Task<PlanOutcome> WarnedAsync(Task<PlanOutcome> planning, CancellationToken ct)
    {
        var outcome = await planning;
        if (outcome is not PlanOutcome.Ready { Plan: var plan })
        {
            return outcome;
        }

        plan = await WithBlocksAsync(plan, ct);
        if (await engine.Footprints.WhyReadOnlyAsync(plan.Cluster, ct) is not { } why)
        {
            return new PlanOutcome.Ready(plan);
        }

        var name = plan.Cluster.Name;
        ImmutableArray<string> said = ports.Fleet.ReadOnly(name) is { } found
            ? [$"{name} is read-only (R13): a start is refused until an approver acknowledges (/scp unlock cluster:{name})", .. found.Lines]
            : [$"A start is refused: whether an earlier bot left something on {name} can not be told (R13)", why];
        return new PlanOutcome.Ready(plan with { Concerns = [.. said, .. plan.Concerns] });
    }
}

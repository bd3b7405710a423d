using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>One look at a cluster for what an earlier bot left there (R13).</summary>
/// <param name="At">When.</param>
/// <param name="Known">The epoch that this database knows; 0 = it never had the cluster's lease.</param>
/// <param name="Epoch">The highest that a node has seen.</param>
/// <param name="Lines">What this database does not know, for people; empty = nothing.</param>
/// <param name="Jobs">Jobs that left something there and that this database does not know.</param>
/// <param name="Silent">Members that did not tell, with the reason.</param>
/// <param name="Asked">Members that did.</param>
internal sealed record Footprints(
    DateTimeOffset At, long Known, long Epoch, ImmutableArray<string> Lines, ImmutableArray<string> Jobs, ImmutableArray<string> Silent, int Asked)
{
    /// <summary>
    /// ADR 0024: a database that never had the lease may not begin on production before every member has told; one that had it goes on with those that
    /// tell, for a dead node is what many jobs are about, and each node has a fence of its own.
    /// </summary>
    public string? WhyCanNotTell(Cluster cluster) =>
        cluster.Environment != ClusterEnvironment.Production || Silent.IsEmpty || (Known > 0 && Asked > 0) ? null
        : $"{cluster.Name} is production, and whether an earlier bot left something there can not be told (R13): {string.Join("; ", Silent.Take(5))}. "
            + (Known > 0 ? "No member tells. " : "This database has never had its lease, so every member must tell. ")
            + $"Make them answer (docs/node-access.md), or, where no other bot works there, an approver acknowledges: /scp unlock cluster:{cluster.Name}.";

    /// <summary>Everything is asked in parallel and bounded; whoever does not answer is named, and nothing is thrown for it.</summary>
    public static async Task<Footprints> ReadAsync(JobPorts ports, Cluster cluster, CancellationToken ct)
    {
        var nodes = Task.WhenAll(cluster.Nodes.Select(n => OneAsync(ports, cluster, n, ct)));
        var silences = OrNoneAsync(() => SilencesAsync(ports, cluster, ct));
        var manager = OrNoneAsync(() => ManagerAsync(ports, cluster, ct));
        var told = await nodes;
        ImmutableArray<(string Job, string What)> beside = [.. await silences, .. await manager];

        // The lease after the nodes: what a job of ours has just sent must not look as if somebody else had.
        var judge = new FootprintJudge(ports, await ports.Store.LeaseAsync(cluster.Name, ct));
        await judge.LoadAsync(told.Select(t => t.Found).OfType<NodeFootprints>(), beside.Select(b => b.Job), ct);
        return new Footprints(
            ports.Time.GetUtcNow(), judge.Known, told.Max(t => t.Found?.Epoch) ?? 0,
            [
                .. judge.Lines([.. told.Where(t => t.Found is not null).Select(t => (t.Node.Name, t.Found!))]),
                .. beside.Where(b => judge.IsStranger(b.Job)).Select(b => $"{b.What} of job {b.Job}").Distinct(StringComparer.Ordinal).Take(10),
            ],
            judge.Strangers, [.. told.Where(t => t.Why is not null && t.Node.IsInRing).Select(t => t.Why!)], told.Count(t => t.Found is not null && t.Node.IsInRing));
    }

    private static async Task<(Node Node, NodeFootprints? Found, string? Why)> OneAsync(JobPorts ports, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            return (node, await NodeFootprints.ReadAsync(ports.Commands, node, cluster.Name, ct), null);
        }
        catch (Exception silent) when (silent is RecoverableException or UnrecoverableException)
        {
            return (node, null, Shortened.To(silent.Message, 200));
        }
    }

    private static async Task<ImmutableArray<(string, string)>> SilencesAsync(JobPorts ports, Cluster cluster, CancellationToken ct) => cluster.Alertmanager is not { } endpoint ? [] :
    [
        .. (await new Alertmanager(endpoint, ports.Http).SilencesAsync(ct)).Select(s => (Silence: s, Left: AlertSilences.LeftBy(s)))
            .Where(s => s.Left is var (_, node) && cluster.Find(node) is not null).Select(s => (s.Left!.Value.Job, $"a silence on {s.Left.Value.Node}")),
    ];

    private static async Task<ImmutableArray<(string, string)>> ManagerAsync(JobPorts ports, Cluster cluster, CancellationToken ct) =>
        cluster.Manager is { } endpoint && await ManagerMark.FindAsync(new ScyllaManager(endpoint, ports.Http, new StepStamp("watch", "-", 0, 0)), ct) is { } mark
            ? [(ManagerMark.JobOf(mark), "Scylla Manager suspended by the mark")] : [];

    /// <summary>Second to what the nodes tell: being away costs a hint, never the work.</summary>
    private static async Task<ImmutableArray<(string Job, string What)>> OrNoneAsync(Func<Task<ImmutableArray<(string, string)>>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception silent) when (silent is RecoverableException or UnrecoverableException)
        {
            return [];
        }
    }
}

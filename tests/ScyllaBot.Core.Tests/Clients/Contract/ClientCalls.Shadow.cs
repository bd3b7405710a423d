using ScyllaBot.Core.Clients;
using static ScyllaBot.Core.Tests.Clients.Contract.ClientCall;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>What makes, feeds and destroys a shadow cluster.</summary>
internal static partial class ClientCalls
{
    private static readonly MirrorOrder Half = new(Jobs.Simulation.BedClusters.SourceName, ["discord"], 50);
    private static readonly CopyOrder AllOfIt = new(Jobs.Simulation.BedClusters.SourceName, ["discord"]);
    private static readonly CompareOrder TwoPercent = new(Jobs.Simulation.BedClusters.SourceName, ["discord"], 2);

    private static IEnumerable<ClientCall> Shadow =>
    [
        Read("Mirror.StatusAsync", b => b.Mirror.StatusAsync(Ct), m => m is { Source: null, Shadow: "mini", Writes.State: MirrorState.Off, Reads.State: MirrorState.Off, Copy: null }),
        Read("Mirror.MirrorAsync", b => b.Mirror.MirrorAsync(Half, Ct), m => m is { Writes: { State: MirrorState.On, Percent: 50 }, Source: "origin" }),
        Read("Mirror.StopWritesAsync", async b =>
        {
            await b.Mirror.MirrorAsync(Half, Ct);
            await b.Mirror.StopWritesAsync(Ct);
            return await b.Mirror.StopWritesAsync(Ct);
        }, m => m.Writes.State == MirrorState.Off),
        Read("Mirror.CompareAsync", b => b.Mirror.CompareAsync(TwoPercent, Ct), m => m.Reads is { State: MirrorState.On, SamplePercent: 2, Since: not null }),
        Read("Mirror.StopReadsAsync", async b =>
        {
            await b.Mirror.CompareAsync(TwoPercent, Ct);
            return await b.Mirror.StopReadsAsync(Ct);
        }, m => m.Reads.State == MirrorState.Off),
        Read("Mirror.ComparisonAsync", b => b.Mirror.ComparisonAsync(TimeSpan.FromMinutes(1), Ct), r => r is { Sample: > 0, Matched: 0, WindowSeconds: 60, State: MirrorState.On }) with
        {
            // Nothing was copied, so nothing matches.
            Prepare = b =>
            {
                b.Do(() => b.Mirror.CompareAsync(TwoPercent, Ct));
                b.Pass(TimeSpan.FromMinutes(2));
            },
        },
        Read("Mirror.BeginCopyAsync", async b =>
        {
            await b.Mirror.BeginCopyAsync("01JOB-1.2-1", AllOfIt, Ct);
            return await b.Mirror.BeginCopyAsync("01JOB-1.2-1", AllOfIt, Ct);
        }, c => c is { Id: "01JOB-1.2-1", State: CopyState.Running, Total: > 0, Source: "origin" }),
        Read("Mirror.CopyAsync", async b => (await b.Mirror.CopyAsync("copy", Ct), await b.Mirror.CopyAsync("other", Ct)),
            c => c is ({ State: CopyState.Done } done, null) && done.Rows == done.Total) with
            {
                Prepare = b =>
                {
                    b.Do(() => b.Mirror.BeginCopyAsync("copy", AllOfIt, Ct));
                    b.Pass(TimeSpan.FromMinutes(10));
                },
            },
        Read("Mirror.StopCopiesAsync", async b =>
        {
            await b.Mirror.BeginCopyAsync("copy", AllOfIt, Ct);
            return await b.Mirror.StopCopiesAsync(Ct);
        }, m => m.Copy is { State: CopyState.Failed, Error: "stopped" }),
        Read("Provisioner.PlanAsync", b => b.Provisioner.PlanAsync(Ct), p => p == new ProvisionPlan(1, 0, 0)) with { Prepare = WithoutD1 },
        Read("Provisioner.DescribeAsync", b => b.Provisioner.DescribeAsync(Ct),
            h => h.Count(host => host.State == HostState.Ready) == 3 && h.Single(host => host.State == HostState.Absent).Name == "d1") with { Prepare = WithoutD1 },
        Act("Provisioner.ProvisionAsync", b => b.Provisioner.ProvisionAsync(Ct), b => b.SimOf("d1").Machine.Exists) with { Prepare = WithoutD1 },
        Act("Provisioner.DestroyAsync", b => b.Provisioner.DestroyAsync(Ct), b => b.Cluster.Nodes.All(n => !b.SimOf(n.Name).Machine.Exists)),
    ];

    private static void WithoutD1(ContractBed bed) => bed.InWorld(() => bed.SimOf("d1").Vanish());
}

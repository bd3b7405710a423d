using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Clients.Contract;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Shadow;

/// <summary>What counts as proof that a shadow is what its source is, and what has to be so before it is torn down.</summary>
public sealed class ShadowConditionTests : IDisposable
{
    private static readonly ReadsMatch Match = new() { Source = BedClusters.SourceName, MinSample = 1000, Window = TimeSpan.FromMinutes(5) };
    private readonly ContractBed _bed = new();

    [Fact]
    public void Reads_match_once_all_is_copied_and_the_whole_window_was_compared()
    {
        Assert.Equal("the data service has never mirrored anything to mini", WhyNot(Match));
        Feed();
        Compare(20);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("reads have been compared for 120 of 300 s", WhyNot(Match));
        _bed.Pass(TimeSpan.FromMinutes(4));
        Assert.Null(WhyNot(Match));
        Assert.Equal($"reads match {BedClusters.SourceName}", WhyNot(new ReadsDiffer { Source = BedClusters.SourceName, MinSample = 1000, Window = Match.Window }));
    }

    [Fact]
    public void Too_few_reads_prove_nothing_however_well_they_match()
    {
        Feed();
        Compare(0.1);
        _bed.Pass(TimeSpan.FromMinutes(6));
        Assert.Matches("^[0-9]+ reads were compared in 300 s, fewer than 1000$", WhyNot(Match));
        Assert.Null(WhyNot(new ReadsDiffer { Source = BedClusters.SourceName, MinSample = 1000, Window = Match.Window }));
    }

    [Fact]
    public void Numbers_that_stand_still_prove_nothing()
    {
        Feed();
        Compare(20);
        _bed.Pass(TimeSpan.FromMinutes(6));
        Assert.Null(WhyNot(Match));
        _bed.InWorld(_bed.SimMirror.Freeze);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("the data service's numbers are 120 s old", WhyNot(Match));
        Assert.Equal("the data service's numbers are 120 s old", WhyNot(new DualWritesHealthy { Source = BedClusters.SourceName }));
    }

    [Fact]
    public void A_row_that_was_written_before_dual_writes_and_never_copied_differs()
    {
        _bed.Do(() => _bed.Mirror.MirrorAsync(new MirrorOrder(BedClusters.SourceName, ["discord"], 100), default));
        Compare(20);
        _bed.Pass(TimeSpan.FromMinutes(6));
        Assert.Contains("reads differ", WhyNot(Match), StringComparison.Ordinal);
        Assert.Equal("nothing of origin was copied", WhyNot(new CopyFinished { Source = BedClusters.SourceName }));
    }

    [Fact]
    public void A_copy_without_dual_writes_is_out_of_date_soon()
    {
        Feed();
        _bed.Do(() => _bed.Mirror.StopWritesAsync(default));
        Assert.Equal($"dual writes from {BedClusters.SourceName} are off", WhyNot(new DualWritesHealthy { Source = BedClusters.SourceName }));
        _bed.Pass(TimeSpan.FromMinutes(30));
        Compare(20);
        _bed.Pass(TimeSpan.FromMinutes(6));
        Assert.Contains("reads differ", WhyNot(Match), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_that_the_shadow_did_not_take_are_told()
    {
        Feed();
        Assert.Null(WhyNot(new DualWritesHealthy { Source = BedClusters.SourceName }));
        foreach (var node in new[] { "b1", "b2", "c1", "d1" })
        {
            _bed.Stop(node);
        }

        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Contains(" s behind, more than 10", WhyNot(new DualWritesHealthy { Source = BedClusters.SourceName }), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_schema_is_told_by_what_is_missing()
    {
        Assert.Null(WhyNot(new SameSchema { Source = BedClusters.SourceName, Keyspaces = ["discord"] }));
        Assert.Equal($"{BedClusters.SourceName} has no keyspace {ContractBed.Tablets}", WhyNot(new SameSchema { Source = BedClusters.SourceName, Keyspaces = [ContractBed.Tablets] }));
    }

    [Fact]
    public void R17_tear_down_takes_the_typed_name_and_two_different_people()
    {
        var (jon, ada) = (BedPeople.Jon.Person, BedPeople.Ada.Person);
        Assert.Contains("takes two people's approval of this step, and 1 gave it", Refusal("mini", jon, jon), StringComparison.Ordinal);
        Assert.Equal("the typed name mini2 is not mini", Refusal("mini2", jon, ada));
        Assert.Null(Refusal("mini", jon, ada));
    }

    [Fact]
    public void H49_nodes_that_do_not_tell_their_requests_count_as_used_unless_their_Scylla_is_stopped()
    {
        var unused = new NobodyUses(1, TimeSpan.FromSeconds(5));
        Assert.Contains("still serves", WhyNot(unused), StringComparison.Ordinal);
        _bed.InWorld(() => _bed.SimMirror.Stray(0));
        Assert.Null(WhyNot(unused));

        // Its process is up, and so young that it tells nothing.
        _bed.StartUntil("c1", StartPhase.Refused);
        Assert.Null(WhyNot(unused));
        _bed.InWorld(() => { _ = _bed.SimOf("c1").Unit.StartAsync(Cause.Nobody, "start"); });
        Assert.Matches("^c1 does not tell its requests .*scylla-server is activating there$", WhyNot(unused));
    }

    [Fact]
    public void H49_a_mirror_that_is_still_on_keeps_it_from_being_torn_down()
    {
        _bed.InWorld(() => _bed.SimMirror.Stray(0));
        _bed.Do(() => _bed.Mirror.CompareAsync(new CompareOrder(BedClusters.SourceName, ["discord"], 0.01), default));
        Assert.Equal("the data service still reads from mini", WhyNot(new NobodyUses(1, TimeSpan.FromSeconds(5))));
    }

    [Fact]
    public void A_provisioner_that_tells_of_other_machines_is_not_believed()
    {
        ProvisionedHost Host(string name, string address) => new(name, address, "us-east1", "b", HostState.Ready, null, null);
        Assert.Contains("the inventory has no such node", Others(Host("x1", "10.0.0.1")), StringComparison.Ordinal);
        Assert.Contains("its address is 10.0.9.9, the inventory says 10.0.0.1", Others(Host("b1", "10.0.9.9")), StringComparison.Ordinal);
        Assert.Contains("it is in us-east1/b, the inventory says us-east1/c", Others(Host("c1", "10.0.0.3")), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_go_to_the_data_service_over_https_only()
    {
        var secret = Core.Ports.SecretRef.TryParse("env:DATA_TOKEN")!;
        var endpoint = new ServiceEndpoint(new Uri("http://data.example.org/"), System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, [secret]);
        var refused = Assert.Throws<UnrecoverableException>(() => Mirror.Of(_bed.Node with { Cluster = _bed.Cluster with { DataService = endpoint } }));
        Assert.Equal("data service data.example.org: secrets are sent over https only", refused.Message);
    }

    public void Dispose() => _bed.Dispose();

    private string Others(ProvisionedHost host) => Assert.Throws<UnrecoverableException>(() => ProvisionWire.RefuseOthers(_bed.Cluster, [host])).Message;

    private string? Refusal(string typed, params Person[] people)
    {
        var context = _bed.Node with { Approvers = () => [.. people], Cluster = _bed.Cluster with { Enables = ["tear-down"] } };
        return _bed.Try(async () => await new TearDownAgreed(typed).WhyNotAsync(context, default)).Failure?.Message;
    }

    private void Feed()
    {
        _bed.Do(() => _bed.Mirror.MirrorAsync(new MirrorOrder(BedClusters.SourceName, ["discord"], 100), default));
        _bed.Do(() => _bed.Mirror.BeginCopyAsync("copy", new CopyOrder(BedClusters.SourceName, ["discord"]), default));
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Null(WhyNot(new CopyFinished { Source = BedClusters.SourceName }));
    }

    private void Compare(double percent) => _bed.Do(() => _bed.Mirror.CompareAsync(new CompareOrder(BedClusters.SourceName, ["discord"], percent), default));

    private string? WhyNot(ICondition<ClusterContext> condition) => _bed.Do(() => condition.WhyNotAsync(_bed.Node, default));
}

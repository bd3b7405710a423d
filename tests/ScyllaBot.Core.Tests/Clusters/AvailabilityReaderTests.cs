using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>What the reader makes of a simulated cluster: REST and cqlsh as the nodes answer them.</summary>
public sealed class AvailabilityReaderTests
{
    [Fact]
    public void A_tablet_in_motion_is_read_with_where_it_goes()
    {
        using var bed = new EngineBed(options: new BedOptions { Plan = dice => Tablets(dice, moving: true) });
        var availability = Read(bed);
        var ring = availability.Rings.Single(r => r.Table == "messages");
        Assert.Equal(["b2"], ring.Ranges[0].Pending.Select(r => bed.Cluster.FindByAddress(r.Address)!.Name));
        Assert.Equal(("", "0"), (ring.Ranges[0].Start, ring.Ranges[0].End));
        Assert.Equal(("0", ""), (ring.Ranges[1].Start, ring.Ranges[1].End));
        Assert.Null(availability.WhyNot(Sketch.Down("b1")));
        var why = Assert.IsType<QuorumLoss>(availability.Judge(Sketch.Down("b1", "b2")));
        Assert.Equal(("discord", "messages", 2, 3, 1), (why.Keyspace, why.Table, why.Live, why.Needed, why.Pending));
        Assert.Null(Read(Resting()).WhyNot(Sketch.Down("b1", "b2")));
    }

    [Fact]
    public void Balancing_is_read_and_every_voter_of_the_present_group0()
    {
        using var bed = new EngineBed();
        var availability = Read(bed);
        Assert.False(availability.IsDegraded);
        Assert.False(availability.NeedsReadBarrier);
        Assert.Equal(TabletBalancing.On, availability.Facts.Balancing);
        Assert.Equal(bed.World.Clusters[0].Raft.Voters.Select(v => v.Id.HostId).Order(), availability.Facts.Voters!.Order());
    }

    [Fact]
    public void Credentials_go_by_reference_on_stdin_and_a_wrong_password_makes_the_proof_a_degraded_one()
    {
        using var bed = new EngineBed();
        var secret = SecretRef.TryParse("env:CQL_PASSWORD")!;
        var cluster = bed.Cluster with { Cql = new CqlAccess("scp", secret) };

        // Below the real port the placeholder becomes the value; here it is the value.
        bed.World.Clusters[0].CqlLogin = new CqlLogin("scp", secret.Placeholder);
        var seen = new Recorder(bed.Ports);
        Assert.False(Read(bed, cluster, seen).IsDegraded);
        Assert.All(seen.Commands, c =>
        {
            Assert.Equal(["cqlsh", "--credentials", "/dev/stdin", "-e"], c.Argv.Take(4));
            Assert.Equal("[PlainTextAuthProvider]\nusername = scp\npassword = {{secret env:CQL_PASSWORD}}\n", Encoding.UTF8.GetString(c.Stdin.Span));
            Assert.Same(secret, Assert.Single(c.Secrets));
            Assert.DoesNotContain(c.Argv, a => a.Contains("secret", StringComparison.Ordinal));
        });

        bed.World.Clusters[0].CqlLogin = new CqlLogin("scp", "another");
        var degraded = Read(bed, cluster, bed.Ports);
        Assert.True(degraded.IsDegraded);
        Assert.True(degraded.NeedsReadBarrier);
        Assert.Contains("Bad credentials", degraded.Facts.WhyNoCql, StringComparison.Ordinal);
        Assert.Null(degraded.WhyNot(Sketch.Down("b1")));
        Assert.Contains("one node at a time", degraded.WhyNot(Sketch.Down("b1", "b2")), StringComparison.Ordinal);
    }

    [Fact]
    public void R25_without_CQL_tablets_need_balancing_off_and_quiet()
    {
        using var bed = new EngineBed(options: new BedOptions { Plan = dice => Tablets(dice, moving: false) });
        bed.World.Clusters[0].CqlLogin = new CqlLogin("scp", "unknown");
        Assert.Contains("not known to be off", Read(bed).WhyNot(Sketch.Down("b1")), StringComparison.Ordinal);
        Assert.Null(Read(bed, balancing: TabletBalancing.OffAndQuiet).WhyNot(Sketch.Down("b1")));
        Assert.NotNull(Read(bed, balancing: TabletBalancing.OffAndQuiet).WhyNot(Sketch.Down("b1", "b2")));
    }

    [Fact]
    public void Trap_8_a_tablet_keyspace_is_asked_for_each_table_and_a_refusal_is_no_empty_ring()
    {
        using var bed = new EngineBed(options: new BedOptions { Plan = dice => Tablets(dice, moving: false) });
        bed.World.Clusters[0].CqlLogin = new CqlLogin("scp", "unknown");
        bed.Ports.Fate = call => call.What.Contains("describe_ring/discord", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Assert.Throws<RecoverableException>(() => Read(bed));
        bed.Ports.Fate = _ => Loss.None;
        Assert.Equal(["messages"], Read(bed).Rings.Where(r => r.Keyspace == "discord").Select(r => r.Table));
    }

    [Fact]
    public void Trap_11_a_replicated_keyspace_whose_ring_is_not_told_is_no_proof()
    {
        using var bed = new EngineBed();
        bed.Ports.Rewrite = (call, body) =>
            call.What.EndsWith("storage_service/keyspaces", StringComparison.Ordinal) ? body.Replace("\"discord\",", "", StringComparison.Ordinal) : body;
        Assert.Equal("keyspace discord is replicated, but its ring was not told: nothing is proved about it", Read(bed).WhyNot(Sketch.Down("b1")));
    }

    [Theory]
    [InlineData("joining")]
    [InlineData("leaving")]
    public void While_somebody_joins_or_leaves_nobody_may_go(string what)
    {
        using var bed = new EngineBed();
        bed.Ports.Rewrite = (call, body) => call.Node == "c1" && call.What.EndsWith($"nodes/{what}", StringComparison.Ordinal) ? "[\"10.0.0.9\"]" : body;
        Assert.Equal($"the topology is changing: c1 sees 10.0.0.9 {what}", Read(bed).WhyNot(Sketch.Down("b1")));
    }

    [Fact]
    public void An_answer_that_was_cut_is_not_believed()
    {
        using var bed = new EngineBed();
        var cut = new Recorder(bed.Ports) { Change = r => r with { Output = string.Join('\n', r.Output.Split('\n').Where((_, i) => i != 3)) } };
        Assert.Contains("the answer was cut", Assert.Throws<RecoverableException>(() => Read(bed, bed.Cluster, cut)).Message, StringComparison.Ordinal);
    }

    private static EngineBed Resting() => new(options: new BedOptions { Plan = dice => Tablets(dice, moving: false) });

    private static ClusterPlan Tablets(Dice dice, bool moving)
    {
        var plan = BedClusters.Plan(dice, ("b", 2), ("c", 2), ("d", 1));
        NodeIdentity Of(string name) => plan.Nodes.Single(n => n.Name == name);
        var first = new Tablet(0, [Of("b1"), Of("c1"), Of("d1")]);
        var table = new Table("messages",
        [
            moving ? first with { NewReplicas = [Of("b2"), Of("c1"), Of("d1")], Stage = "streaming" } : first,
            new Tablet(long.MaxValue, [Of("b2"), Of("c2"), Of("d1")]),
        ]);
        return plan with { Keyspaces = [new Keyspace("discord", Strategy.NetworkTopology, 3, [table]), .. plan.Keyspaces.Skip(1)] };
    }

    private static Availability Read(EngineBed bed, Cluster? cluster = null, ICommandChannel? commands = null, TabletBalancing balancing = TabletBalancing.Unknown) =>
        bed.Do(async () =>
        {
            var watch = new Core.Clusters.ClusterWatch(cluster ?? bed.Cluster, bed.Ports, bed.Time);
            var snapshot = await watch.ReadAsync(TimeSpan.Zero, CancellationToken.None);
            return await AvailabilityReader.ReadAsync(cluster ?? bed.Cluster, snapshot, bed.Ports, commands ?? bed.Ports, null, CancellationToken.None, balancing);
        });

    private sealed class Recorder(ICommandChannel inner) : ICommandChannel
    {
        public List<RemoteCommand> Commands { get; } = [];

        public Func<Core.Ports.CommandResult, Core.Ports.CommandResult> Change { get; init; } = r => r;

        public async Task<Core.Ports.CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
        {
            Commands.Add(command);
            return Change(await inner.RunAsync(node, command, line, ct));
        }

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => inner.ReleaseAsync(node, receipt, ct);
    }
}

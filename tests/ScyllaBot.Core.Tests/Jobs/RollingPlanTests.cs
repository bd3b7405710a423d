using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>"Which node next?" for generated clusters, driven to the end with a generated choice of who finishes first.</summary>
public sealed class RollingPlanTests
{
    private static readonly Config Checks = Config.QuickThrowOnFailure.WithMaxTest(300);

    /// <param name="Targets">In a shuffled order.</param>
    /// <param name="Finishers">Who of those at work ends next.</param>
    public sealed record Case(
        ImmutableArray<TargetNode> Targets, ConcurrencyUnit Unit, int Limit, ImmutableArray<string> ZoneOrder, ImmutableArray<int> Finishers)
    {
        public RollingPlan Plan => RollingPlan.Of(Targets, Unit, Limit, ZoneOrder);
    }

    private static Arbitrary<Case> Cases => Arb.From(
        from dcs in Gen.Choose(1, 2)
        from racks in Gen.Choose(1, 3)
        from sizes in Gen.Choose(0, 4).ArrayOf(dcs * racks)
        from order in Gen.Shuffle(Enumerable.Range(0, dcs * racks * 4).ToArray())
        from unit in Gen.Elements(Enum.GetValues<ConcurrencyUnit>())
        from limit in Gen.Choose(1, 5)
        from first in Gen.Choose(0, racks)
        from bare in Gen.Elements(true, false)
        from finishers in Gen.Choose(0, 100).ArrayOf(40)
        select new Case(
            [.. order.Select(i => (Zone: i / 4, Number: i % 4)).Where(x => x.Number < sizes[x.Zone])
                .Select(x => Node($"dc{x.Zone / racks}", $"r{x.Zone % racks}", (7 * x.Number) + 3))],
            unit, limit, first == racks ? [] : [bare ? $"r{first}" : $"dc0/r{first}"], [.. finishers]));

    [Fact]
    public void Every_node_is_taken_exactly_once() => Prop.ForAll(Cases, c =>
        Drive(c).SelectMany(s => s.Started).Order().SequenceEqual(c.Targets.Select(t => t.Name).Order())).Check(Checks);

    [Fact]
    public void Never_two_zones_at_once_except_for_the_cluster_unit() => Prop.ForAll(Cases, c =>
        c.Unit == ConcurrencyUnit.Cluster || Drive(c).All(s => s.Working.Select(n => ZoneOf(c, n)).Distinct().Count() <= 1)).Check(Checks);

    [Fact]
    public void Never_more_at_once_than_the_limit() => Prop.ForAll(Cases, c =>
        Drive(c).All(s => s.Working.Count <= (c.Unit == ConcurrencyUnit.Node ? 1 : c.Limit))).Check(Checks);

    [Fact]
    public void As_many_as_the_limit_allows_and_never_none() => Prop.ForAll(Cases, c => Drive(c).All(s =>
    {
        var limit = c.Unit == ConcurrencyUnit.Node ? 1 : c.Limit;
        var zone = c.Unit == ConcurrencyUnit.Cluster ? c.Targets.Length - s.Done.Count
            : c.Targets.Count(t => ZoneOf(c, t.Name) == ZoneOf(c, s.Working.First()) && !s.Done.Contains(t.Name));
        return s.Working.Count == Math.Min(limit, zone);
    })).Check(Checks);

    [Fact]
    public void One_datacenter_is_finished_before_the_next_R24() => Prop.ForAll(Cases, c =>
    {
        var dcs = c.Plan.Nodes.Select(n => n.Datacenter).ToArray();
        return dcs.SequenceEqual(dcs.OrderBy(d => d, StringComparer.Ordinal));
    }).Check(Checks);

    [Fact]
    public void The_order_depends_on_the_nodes_and_not_on_the_order_they_are_given_in() => Prop.ForAll(Cases, c =>
        c.Plan.Nodes.SequenceEqual((c with { Targets = [.. c.Targets.Reverse()] }).Plan.Nodes)
        && c.Plan.Waves.SelectMany(w => w.Nodes).SequenceEqual(c.Plan.Nodes.Select(n => n.Name))).Check(Checks);

    [Fact]
    public void Zones_named_in_the_order_go_first_in_either_spelling() => Prop.ForAll(Cases, c =>
    {
        if (c.ZoneOrder is not [var named] || c.Targets.IsEmpty)
        {
            return true;
        }

        var isMeant = (TargetNode n) => n.Zone.ToString() == named || n.Rack == named;
        return c.Plan.Nodes.GroupBy(n => n.Datacenter).All(dc => dc.SequenceEqual(dc.OrderBy(n => isMeant(n) ? 0 : 1)));
    }).Check(Checks);

    [Fact]
    public void What_was_begun_goes_first_and_keeps_its_slot() => Prop.ForAll(Cases, c =>
    {
        if (c.Plan.Waves is not [var wave, ..] || wave.Nodes.Length < 2 || c.Unit == ConcurrencyUnit.Cluster)
        {
            return true;
        }

        var begun = wave.Nodes[^1];
        var next = c.Plan.Next(new RollingProgress(None, None, None.Add(begun)));
        return next[0].Name == begun && next.Length <= wave.Limit;
    }).Check(Checks);

    [Fact]
    public void A_node_that_was_begun_in_another_zone_keeps_every_other_zone_waiting() => Prop.ForAll(Cases, c =>
    {
        if (c.Plan.Waves.Length < 2)
        {
            return true;
        }

        var begun = c.Plan.Waves[^1].Nodes[0];
        return c.Plan.Waves[0].Nodes.All(n =>
            c.Plan.WhyNot(c.Targets.First(t => t.Name == n), new RollingProgress(None, None, None.Add(begun)))!.Contains(begun, StringComparison.Ordinal));
    }).Check(Checks);

    [Fact]
    public void The_cluster_unit_is_one_wave() => Prop.ForAll(Cases, c =>
        c.Unit != ConcurrencyUnit.Cluster || c.Plan.Waves.Length == (c.Targets.IsEmpty ? 0 : 1)).Check(Checks);

    [Fact]
    public void Numbers_in_names_count_as_numbers() => Assert.Equal(
        ["n-2", "n-010", "n-10", "n-11"],
        RollingPlan.Of(new[] { "n-11", "n-010", "n-10", "n-2" }.Select(n => Node("dc", "r", 0) with { Name = n }), ConcurrencyUnit.Zone, 1, [])
            .Nodes.Select(n => n.Name));

    [Fact]
    public void R24_a_failure_domain_makes_zones_one_and_never_splits_one()
    {
        TargetNode[] nodes =
        [
            Node("dc0", "a", 1), Node("dc0", "a", 2) with { FailureDomain = "power 1" }, Node("dc0", "b", 1), Node("dc0", "c", 1) with { FailureDomain = "power 1" },
            Node("dc0", "c", 2) with { FailureDomain = "power 2" }, Node("dc1", "a", 1) with { FailureDomain = "power 1" },
        ];
        var plan = RollingPlan.Of(nodes, ConcurrencyUnit.Zone, 2, []);
        Assert.Equal(["dc0/a + dc0/c", "dc0/b", "dc1/a"], plan.Waves.Select(w => w.Label));
        Assert.Equal("dc0-a-1 dc0-a-2 dc0-c-1 dc0-c-2", string.Join(' ', plan.Waves[0].Nodes));
        Assert.Contains("never two zones at once", plan.WhyNot(nodes[2], new RollingProgress(None, None.Add("dc0-c-1"), None)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vote_more_only_tightens_and_a_node_that_it_refuses_leaves_its_slot_to_the_next()
    {
        var plan = RollingPlan.Of(Enumerable.Range(1, 3).Select(i => Node("dc", "r", i)), ConcurrencyUnit.Zone, 2, []).With(new Not("dc-r-2"));
        var progress = new RollingProgress(None, None, None);
        Assert.Equal(["dc-r-1", "dc-r-3"], plan.Next(progress).Select(n => n.Name));
        Assert.Equal("not this one", plan.WhyNot(plan.Nodes[1], progress));
    }

    private static ImmutableSortedSet<string> None => ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    private static string ZoneOf(Case c, string node) => c.Targets.First(t => t.Name == node).Zone.ToString();

    private static List<(string[] Started, ImmutableSortedSet<string> Working, ImmutableSortedSet<string> Done)> Drive(Case c)
    {
        var states = new List<(string[], ImmutableSortedSet<string>, ImmutableSortedSet<string>)>();
        var progress = new RollingProgress(None, None, None);
        for (var turn = 0; progress.Done.Count < c.Targets.Length; turn++)
        {
            var started = c.Plan.Next(progress).Select(n => n.Name).ToArray();
            progress = progress with { Working = progress.Working.Union(started) };
            states.Add((started, progress.Working, progress.Done));
            Assert.NotEmpty(progress.Working);
            var ends = progress.Working[c.Finishers[turn % c.Finishers.Length] % progress.Working.Count];
            progress = progress with { Working = progress.Working.Remove(ends), Done = progress.Done.Add(ends) };
        }

        return states;
    }

    private static TargetNode Node(string dc, string rack, int number) =>
        new($"{dc}-{rack}-{number}", "10.0.0.1", Guid.Empty, dc, rack, "2026.2");

    private sealed class Not(string node) : IRollingConstraint
    {
        public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress) => candidate.Name == node ? "not this one" : null;
    }
}

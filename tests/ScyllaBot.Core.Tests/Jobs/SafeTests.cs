using System.Collections.Immutable;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What somebody may ask before they touch a node themselves: everyone's view, and whether these may be missed together.</summary>
public sealed class SafeTests : IDisposable
{
    private readonly EngineBed _bed = new();

    private string Cluster => _bed.Control.Inventory.Clusters[0].Name;

    [Fact]
    public void One_node_may_go_two_of_different_zones_may_not_and_the_largest_choice_is_told()
    {
        Assert.True(Safe("b1").Safe);
        var both = Safe("b1", "c1");
        Assert.False(both.Safe);
        Assert.NotNull(both.Why);
        Assert.Single(both.Largest);
        Assert.True(both.Ranges > 0);
        Assert.Contains("No node x", Assert.Single(Ask("x").Wrong), StringComparison.Ordinal);
        Assert.NotEmpty(Ask().Wrong);
    }

    [Fact]
    public void R2_who_is_down_in_anybodys_view_is_counted_too()
    {
        _bed.World.Agenda.Run(() => _bed.Sim("c1").Kill(Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
        var answer = Safe("b1");
        Assert.False(answer.Safe);
        Assert.Equal("c1", Assert.Single(answer.Down));
        Assert.Empty(answer.Largest);
        var matrix = _bed.Do(() => _bed.Control.MatrixAsync(Cluster, default))!;
        Assert.Equal("c1", Assert.Single(matrix.Down));
        Assert.False(matrix.Rows.Single(r => r.Node == "c1").Serves);
        Assert.Contains("c1", matrix.Rows.Single(r => r.Node == "b1").SeesDown!.Value, StringComparer.Ordinal);
    }

    public void Dispose() => _bed.Dispose();

    private SafeAnswer Safe(params string[] nodes) => Ask(nodes).Answer!;

    private (SafeAnswer? Answer, ImmutableArray<string> Wrong) Ask(params string[] nodes) => _bed.Do(() => _bed.Control.SafeAsync(Cluster, [.. nodes], default));
}

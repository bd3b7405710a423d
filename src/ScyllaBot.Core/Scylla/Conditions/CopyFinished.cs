using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The newest copy of the source's data is done, with every row that it counted.</summary>
[Tag("copy-finished", "Copy is finished")]
[Example("source: messages-prd")]
public sealed record CopyFinished : IClusterCondition
{
    [Description("Cluster whose data is copied"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = await Mirror.Of(context).StatusAsync(ct);
        return Freshness.WhyOtherSource(mirror, context.Cluster.Name, Source) ?? mirror.Copy switch
        {
            null => $"nothing of {Source} was copied",
            { State: CopyState.Failed } copy => $"copy {copy.Id} failed: {ProvisionWire.Short(copy.Error ?? "no reason told")}",
            { } copy when copy.Source != Source => $"the newest copy is of {ProvisionWire.Short(copy.Source)}",
            { State: CopyState.Running } copy => $"{copy.Rows} of {copy.Total} rows are copied",
            { } copy when copy.Rows < copy.Total => $"copy {copy.Id} says that it is done, with {copy.Rows} of {copy.Total} rows",
            _ => null,
        };
    }
}

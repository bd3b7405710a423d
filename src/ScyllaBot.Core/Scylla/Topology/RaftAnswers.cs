using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Where raft's voters can not be counted, a read barrier on a live node proves that they still have a majority (R25).</summary>
internal sealed record RaftAnswers : IClusterCondition
{
    private const int Seconds = 10;

    public string Title => "Raft answers a read barrier where its voters are unknown";

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var availability = await Availability.ReadAsync(context, snapshot, ct);
        return await WhyNotAsync(context, availability, snapshot, ct);
    }

    /// <summary>Asked of a node that serves and is not the subject: the subject's own word says nothing about the rest.</summary>
    public static async Task<string?> WhyNotAsync(ClusterContext context, Availability availability, ClusterSnapshot snapshot, CancellationToken ct)
    {
        var subject = (context as NodeContext)?.Node.Name;
        if (!availability.NeedsReadBarrier || snapshot.Serving(subject)?.Node is not { } witness)
        {
            return null;
        }

        try
        {
            await context.Api(witness).ReadBarrierAsync(Seconds, ct);
            return null;
        }
        catch (RecoverableException silent)
        {
            return $"raft's voters are unknown and a read barrier did not pass: {silent.Message} (R25)";
        }
        catch (UnrecoverableException tooOld)
        {
            // Before 6.1 there is none to ask for; the other limits of a degraded proof hold.
            context.Log.Write($"Warning: no read barrier: {tooOld.Message}");
            return null;
        }
    }
}

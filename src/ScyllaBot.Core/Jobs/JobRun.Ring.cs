using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobRun
{
    /// <summary>The workflow as the job's own copy of the text says, its variables, its cluster under the identities this job knows.</summary>
    public BoundJob Bound { get; private set; }

    /// <summary>Whom this job may find in the ring under a new identity; nobody unless it brings nodes in.</summary>
    private IEnumerable<Node> Expected => RingChanges.JoinsRing(Bound.Workflow)
        ? Bound.Cluster.Nodes.Where(n => MayBeOut.Contains(n.Name) && Job.HasTouched(n.Name)) : [];

    /// <summary>After every fold: the cluster is what the journal knows of it.</summary>
    private void Recognise()
    {
        if (Bound.Cluster.With(Job.IdentityOf) is var known && known != Bound.Cluster)
        {
            Bound = Bound with { Cluster = known };
        }
    }

    /// <summary>Why the node that the job halted at can not be tried again (R5); null when it can.</summary>
    public string? WhyNoRetry(ClusterSnapshot snapshot) => Job.Halt?.Key?.Node is { } name && Bound.Cluster.Find(name) is { } node && Job.Joined.ContainsKey(name)
        ? JoinFailure.WhyNever(snapshot, MayBeOut, node) : null;

    /// <summary>What everybody of this job reads passes here: a node of ours that has appeared in the ring is written down before anybody judges by it.</summary>
    private async Task<ClusterSnapshot> SeenAsync(ClusterSnapshot read)
    {
        if (Job is { HasBegun: true, IsOpen: true } && Expected.Any())
        {
            var seen = read.As(Bound.Cluster);
            var mayFound = RingChanges.FoundsRing(Bound.Workflow);
            var learned = Expected.Select(n => (n.Name, Id: RingIdentity.LearnedOf(seen, n, mayFound))).Where(n => n.Id is not null).ToArray();
            if (learned.Length > 0)
            {
                await AppendAsync(job => [.. (seen.Cluster.IsUnborn ? learned[..1] : learned)
                    .Where(n => job.IsOpen && job.Joined.GetValueOrDefault(n.Name) != n.Id)
                    .SelectMany(n => (JobEvent[])[new NodeJoined(Time.GetUtcNow(), n.Name, n.Id!.Value), .. JoinDebts.Of(job, Bound, n.Name, Time.GetUtcNow())])]);
            }
        }

        return read.As(Bound.Cluster);
    }
}

using ScyllaBot.Core.Clusters;
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
                var now = Time.GetUtcNow();
                var owing = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<JobEvent>>(StringComparer.Ordinal);
                foreach (var (name, _) in learned)
                {
                    owing[name] = await JoinDebts.OfAsync(this, seen, name, now);
                }

                await AppendAsync(job => Unowed(job, (seen.Cluster.IsUnborn ? learned[..1] : learned)
                    .Where(n => job.IsOpen && job.Joined.GetValueOrDefault(n.Name) != n.Id)
                    .SelectMany(n => owing[n.Name].Prepend(new NodeJoined(now, n.Name, n.Id!.Value)))));
            }
        }

        return read.As(Bound.Cluster);
    }

    /// <summary>What the job owes already is not opened again.</summary>
    private static ImmutableArray<JobEvent> Unowed(Job job, IEnumerable<JobEvent> events)
    {
        var known = job.Debts.Values.Select(d => (d.Kind, d.Subject)).ToHashSet();
        return [.. events.Where(e => e is not DebtOpened x || known.Add((x.Kind, x.Subject)))];
    }
}

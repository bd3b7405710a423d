using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Lets nodes forget what a step ran there (R12): only once its success is committed, of every attempt of it.</summary>
internal static class ReceiptRelease
{
    /// <summary>Never throws: the step is over, and nothing that happens here is a failure or an interruption of it.</summary>
    public static async Task OfAsync(JobRun run, StepKey key, IEnumerable<(Node Node, string Receipt)> receipts)
    {
        foreach (var (node, receipt) in receipts)
        {
            try
            {
                await run.Ports.Commands.ReleaseAsync(node, receipt, run.HostStopping);
            }
            catch (Exception kept)
            {
                // A receipt that stays costs the node a small file.
                new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, key.Path, key.Node)
                    .Write($"Receipt {receipt} stays on {node.Name}: {kept.Message}");
            }
        }
    }
}

using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>
/// How something was before this job first touched it, kept on a node as the output of a receipt of the whole job (R12): whichever step asks
/// next, whichever host it runs on, is told the first answer (R26).
/// </summary>
internal static class FoundValue
{
    /// <summary>Between the job and the name, in the receipt's.</summary>
    public const string Infix = "-found-";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="context">Whose job.</param>
    /// <param name="name">What is kept; a word.</param>
    /// <param name="now">How it is now: what is kept when nothing is yet.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<string> KeepAsync(ClusterContext context, string name, string now, CancellationToken ct)
    {
        var keeper = KeeperOf(context);
        var command = new RemoteCommand(["echo", now], Patience)
        {
            Step = context.Stamp.ToString(), Receipt = ReceiptOf(context, name), Epoch = context.Stamp.Epoch, Lease = context.Cluster.Name,
        };
        try
        {
            var kept = await context.Commands.RunAsync(keeper, command, line: null, ct);
            return kept.Exit == 0 ? kept.Output.Trim() : throw new RecoverableException($"{keeper.Name}: echo: exit {kept.Exit}: {CommandOutput.Tail(kept.Output)}");
        }
        catch (ExchangeException broken)
        {
            throw new RecoverableException($"{keeper.Name}: {broken.Message}", broken);
        }
        catch (FencedException fenced)
        {
            throw new UnrecoverableException($"{keeper.Name}: {fenced.Message}", fenced);
        }
    }

    /// <summary>It is as it was found: nothing need be kept.</summary>
    public static Task ForgetAsync(ClusterContext context, string name, CancellationToken ct) =>
        context.Commands.ReleaseAsync(KeeperOf(context), ReceiptOf(context, name), ct);

    private static Node KeeperOf(ClusterContext context) => context.Cluster.Nodes[0];

    private static string ReceiptOf(ClusterContext context, string name) => $"scp-{context.Stamp.Job}{Infix}{name}";
}

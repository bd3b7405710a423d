using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A node's own Prometheus text: as fresh as the node, unlike what a Prometheus server last scraped.</summary>
internal static class NodeMetrics
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="RecoverableException">The node does not tell now.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(NodeContext context, CancellationToken ct)
    {
        HttpAnswer answer;
        try
        {
            answer = await context.Http.SendAsync(new HttpCall("GET", context.Node.Metrics, Patience) { Node = context.Node, MaxBytes = MaxBytes }, ct);
        }
        catch (ExchangeException broken)
        {
            throw new RecoverableException($"{context.Node.Name}: metrics: {broken.Message}", broken);
        }

        return answer.Status == 200
            ? answer.Body
            : throw new RecoverableException($"{context.Node.Name}: metrics: status {answer.Status}");
    }
}

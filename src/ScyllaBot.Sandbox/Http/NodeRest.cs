using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>A node's REST API without the socket: verb, path and query in, answer out.</summary>
internal sealed class NodeRest(SandboxWorld world)
{
    /// <summary>Everything served, spelled as in Scylla's Swagger.</summary>
    public static ImmutableArray<NodeRoute> Routes { get; } =
    [
        .. StateRoutes.All,
        .. MembershipRoutes.All,
        .. RingRoutes.All,
        .. TableRoutes.All,
        .. OperationRoutes.All,
        .. WorkRoutes.All,
        .. TaskRoutes.All,
        .. DataRoutes.All,
        .. SnapshotRoutes.All,
        .. RepairRoutes.All,
        .. TopologyRoutes.All,
        .. ConfigRoutes.All,
    ];

    private static readonly IReadOnlyDictionary<string, string> _noQuery = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Answers one request; a blocking call (drain, read_barrier) completes when the node is done with it.</summary>
    /// <param name="node">The node asked.</param>
    /// <param name="verb">Upper case.</param>
    /// <param name="path">Begins with a slash; one at the end is ignored.</param>
    /// <param name="query">Decoded; null for none.</param>
    /// <param name="step">The value of `X-ScyllaBot-Step`.</param>
    public Task<RestAnswer> AnswerAsync(
        SimNode node, string verb, string path, IReadOnlyDictionary<string, string>? query = null, string? step = null) =>
        world.Agenda.Run(() => Answer(node, verb, path, query ?? _noQuery, new Cause(step, null)));

    private static Task<RestAnswer> Answer(SimNode node, string verb, string path, IReadOnlyDictionary<string, string> query, Cause cause)
    {
        if (node.Phase < StartPhase.RestListening)
        {
            return Task.FromResult(RestAnswer.Reset);
        }

        if (node.Cluster.Faults.Bite(node.Id, FaultKind.Api500) is not null)
        {
            return Task.FromResult(RestAnswer.RuntimeError("sandbox fault: api-500"));
        }

        var segments = path.Trim('/').Split('/');
        foreach (var route in Routes)
        {
            if (string.Equals(route.Verb, verb, StringComparison.Ordinal) && route.Match(segments) is { } values)
            {
                return node.Phase < route.From
                    ? Task.FromResult(RestAnswer.NotFound)
                    : route.Handle(new NodeCall(node, values, query, cause));
            }
        }

        return Task.FromResult(RestAnswer.NotFound);
    }
}

using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>One REST request as a handler sees it. Handlers run inside the agenda.</summary>
internal sealed record NodeCall(
    SimNode Node,
    IReadOnlyDictionary<string, string> Path,
    IReadOnlyDictionary<string, string> Query,
    Cause Cause)
{
    public SimCluster Cluster => Node.Cluster;

    /// <summary>Whom this node has ever heard of.</summary>
    public IEnumerable<SimNode> Known => Node.IsAlone ? [Node] : Cluster.Nodes;

    public DateTimeOffset Now => Cluster.Agenda.Now;

    public string? Ask(string name) => Query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}

/// <summary>
/// A route of the node's API. <paramref name="From"/> is the start phase that registers it: before that it is a 404 (facts/scylla.md 1.3).
/// <paramref name="Template"/> is spelled as in Scylla's Swagger.
/// </summary>
internal sealed record NodeRoute(string Verb, string Template, StartPhase From, Func<NodeCall, Task<RestAnswer>> Handle)
{
    public string[] Segments { get; } = Template.Trim('/').Split('/');

    public static NodeRoute Get(string template, StartPhase from, Func<NodeCall, RestAnswer> handle) =>
        new("GET", template, from, Sync(handle));

    public static NodeRoute Post(string template, StartPhase from, Func<NodeCall, RestAnswer> handle) =>
        new("POST", template, from, Sync(handle));

    public static NodeRoute Delete(string template, StartPhase from, Func<NodeCall, RestAnswer> handle) =>
        new("DELETE", template, from, Sync(handle));

    /// <summary>The path's variables, or null when it is another path.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        if (path.Length != Segments.Length)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < path.Length; i++)
        {
            var segment = Segments[i];
            if (segment.StartsWith('{'))
            {
                values[segment[1..^1]] = Uri.UnescapeDataString(path[i]);
            }
            else if (!string.Equals(segment, path[i], StringComparison.Ordinal))
            {
                return null;
            }
        }

        return values;
    }

    private static Func<NodeCall, Task<RestAnswer>> Sync(Func<NodeCall, RestAnswer> handle) => call => Task.FromResult(handle(call));
}

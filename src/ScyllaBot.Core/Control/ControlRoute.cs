namespace ScyllaBot.Core.Control;

/// <summary>One route of the control endpoint. Server, client, document and tests read the same table (<see cref="ControlRoutes"/>).</summary>
/// <param name="Name">Of the operation; the verb that rights are asked for (<see cref="VerbRights"/>).</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Pattern">Such as <c>/v1/jobs/{job}/pause</c>.</param>
/// <param name="Body">What is posted; null: nothing.</param>
/// <param name="Answer">What comes back with status 200.</param>
/// <param name="Summary">One sentence.</param>
public sealed record ControlRoute(string Name, string Method, string Pattern, Type? Body, Type Answer, string Summary)
{
    /// <summary>Options in the query, each with a sentence.</summary>
    public ImmutableArray<(string Name, string Summary)> Query { get; init; } = [];

    /// <summary>It answers with server-sent events (<see cref="WatchEvents"/>).</summary>
    public bool IsStream { get; init; }

    /// <summary>Names in braces, in order.</summary>
    public ImmutableArray<string> Places => [.. Pattern.Split('/').Where(p => p.StartsWith('{')).Select(p => p[1..^1])];

    /// <summary>Path and query to ask for.</summary>
    /// <param name="places">For the names in braces, in order.</param>
    /// <param name="query">Options; those with a null value are left out.</param>
    /// <exception cref="ArgumentException">Too few or too many places.</exception>
    public string Url(IEnumerable<string>? places = null, params IEnumerable<(string Name, string? Value)> query)
    {
        var left = new Queue<string>(places ?? []);
        var path = string.Join('/', Pattern.Split('/').Select(p => !p.StartsWith('{') ? p
            : left.TryDequeue(out var place) ? Uri.EscapeDataString(place) : throw new ArgumentException($"{Pattern} needs {p}", nameof(places))));
        if (left.Count > 0)
        {
            throw new ArgumentException($"{Pattern} takes no more places than it has", nameof(places));
        }

        var options = string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
        return options.Length == 0 ? path : $"{path}?{options}";
    }
}

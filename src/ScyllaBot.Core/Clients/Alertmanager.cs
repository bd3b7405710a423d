using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <param name="State"><c>active</c>, <c>suppressed</c> or <c>unprocessed</c>.</param>
public sealed record Alert(ImmutableSortedDictionary<string, string> Labels, DateTimeOffset StartsAt, string State)
{
    public string Name => Labels.GetValueOrDefault("alertname", "(no name)");

    public override string ToString() => Labels.TryGetValue("instance", out var instance) ? $"{Name} ({instance})" : Name;
}

/// <param name="Id">Null before Alertmanager has given it one.</param>
/// <param name="State"><c>active</c>, <c>pending</c> or <c>expired</c>.</param>
public sealed record Silence(
    string? Id, ImmutableArray<LabelMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment, string State)
{
    public bool IsOver => State is "expired";
}

/// <summary>Alertmanager, API v2.</summary>
public sealed class Alertmanager(ServiceEndpoint endpoint, IHttpExchange http, StepStamp? stamp = null)
{
    private readonly OutsideHttp _http = OutsideHttp.Of("Alertmanager", endpoint, http, stamp);

    /// <summary>What picks this cluster's alerts.</summary>
    public ImmutableArray<LabelMatcher> Matchers { get; } = LabelMatcher.ParseAll(endpoint.Matcher);

    /// <exception cref="UnrecoverableException">The cluster has none in the inventory.</exception>
    public static Alertmanager Of(ClusterContext context) => new(
        context.Cluster.Alertmanager ?? throw new UnrecoverableException($"{context.Cluster.Name} has no alertmanager in the inventory"),
        context.Http, context.Stamp);

    /// <summary>This cluster's alerts that fire and that nobody has silenced.</summary>
    /// <param name="filter">Further matchers that must all fit.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ImmutableArray<Alert>> FiringAsync(IEnumerable<LabelMatcher> filter, CancellationToken ct)
    {
        var filters = Matchers.Concat(filter).Select(m => $"&filter={Uri.EscapeDataString(m.ToString())}");
        var alerts = await _http.GetAsync<ImmutableArray<AlertJson>>($"api/v2/alerts?active=true&silenced=false&inhibited=false{string.Concat(filters)}", ct);
        return _http.Take<ImmutableArray<Alert>>(() => [.. alerts.Select(a => new Alert(a.Labels.WithComparers(StringComparer.Ordinal), a.StartsAt, a.Status.State))]);
    }

    /// <summary>All silences, those that are over too.</summary>
    public async Task<ImmutableArray<Silence>> SilencesAsync(CancellationToken ct)
    {
        var silences = await _http.GetAsync<ImmutableArray<SilenceJson>>("api/v2/silences", ct);
        return _http.Take<ImmutableArray<Silence>>(() => [.. silences.Select(s => new Silence(
            s.Id, [.. s.Matchers.Select(m => new LabelMatcher(m.Name, m.Value, m.IsRegex, m.IsEqual ?? true))], s.StartsAt, s.EndsAt, s.CreatedBy ?? "", s.Comment ?? "",
            s.Status?.State ?? "active"))]);
    }

    /// <summary>Creates a silence, or changes the one with its id. Look at the list before: a lost answer may have had its effect.</summary>
    /// <returns>Its id, which a change may renew.</returns>
    public async Task<string> PutSilenceAsync(Silence silence, CancellationToken ct)
    {
        var body = new SilenceJson(
            silence.Id, [.. silence.Matchers.Select(m => new MatcherJson(m.Name, m.Value, m.IsRegex, m.IsEqual))], silence.StartsAt, silence.EndsAt,
            silence.CreatedBy, silence.Comment, null);
        return (await _http.AskAsync<CreatedJson>("POST", "api/v2/silences", body, isRepeatable: true, ct)).SilenceID
            ?? throw new UnrecoverableException("Alertmanager: a silence without an id");
    }

    /// <summary>Ends a silence now. One that is gone or over already counts as ended.</summary>
    public async Task ExpireAsync(string id, CancellationToken ct)
    {
        var answer = await _http.SendAsync("DELETE", $"api/v2/silence/{Uri.EscapeDataString(id)}", null, isRepeatable: true, ct);

        // Before 0.26 both are a 500 with a sentence; that of 0.25 was seen.
        var words = OutsideHttp.Words(answer);
        var isGone = answer.Status is 404 || words.Contains("already expired", StringComparison.Ordinal) || words.Contains("silence not found", StringComparison.Ordinal);
        if (answer.Status is not 200 && !isGone)
        {
            throw _http.Classify(answer);
        }
    }

    private sealed record AlertJson(ImmutableSortedDictionary<string, string> Labels, DateTimeOffset StartsAt, StateJson Status);

    private sealed record StateJson(string State);

    private sealed record SilenceJson(
        string? Id, ImmutableArray<MatcherJson> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? CreatedBy, string? Comment, StateJson? Status);

    private sealed record MatcherJson(string Name, string Value, bool IsRegex, bool? IsEqual);

    private sealed record CreatedJson(string? SilenceID);
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A Prometheus server: history and baselines. What it last scraped may be old, so every judgement asks first whether it is fresh (facts 7.34).</summary>
public sealed class Prometheus(ServiceEndpoint endpoint, IHttpExchange http)
{
    /// <summary>Stands in a selector, <c>up{job="scylla",{matcher}}</c>, for the labels that pick this cluster, or one node of it.</summary>
    public const string Placeholder = "{matcher}";

    // Three scrapes of the monitoring stack's 20 s (facts 2.2). Without this a Prometheus that has stopped scraping looks alive for 5 minutes.
    private const double MaxAgeSeconds = 60;

    private readonly OutsideHttp _http = OutsideHttp.Of("Prometheus", endpoint, http);

    /// <exception cref="UnrecoverableException">The cluster has none in the inventory.</exception>
    public static Prometheus Of(ClusterContext context) => new(
        context.Cluster.Prometheus ?? throw new UnrecoverableException($"{context.Cluster.Name} has no prometheus in the inventory"), context.Http);

    /// <summary>Now, by the server's own clock.</summary>
    /// <exception cref="UnrecoverableException">It does not understand the query.</exception>
    public async Task<PromAnswer> QueryAsync(string query, CancellationToken ct) =>
        await AskAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", ct);

    /// <summary>Each <paramref name="step"/> of a span of time.</summary>
    public async Task<PromAnswer> QueryRangeAsync(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken ct) =>
        await AskAsync(string.Create(CultureInfo.InvariantCulture,
            $"api/v1/query_range?query={Uri.EscapeDataString(query)}&start={Seconds(from)}&end={Seconds(to)}&step={step.TotalSeconds:0.###}"), ct);

    /// <summary>A query with its placeholder filled in. A query of several clusters' Prometheus that does not name one is refused.</summary>
    /// <param name="query">With <see cref="Placeholder"/> last in its selectors: an empty filling then leaves a comma, which PromQL allows there.</param>
    /// <param name="node">Only this node; null = the whole cluster.</param>
    public string Fill(string query, Node? node = null)
    {
        if (!query.Contains(Placeholder, StringComparison.Ordinal) && (endpoint.Matcher.Length > 0 || node is not null))
        {
            throw new UnrecoverableException($"the query has no {Placeholder}: it would look beyond this cluster");
        }

        var matchers = new[] { node is null ? "" : InstanceOf(node), endpoint.Matcher }.Where(m => m.Length > 0);
        return query.Replace(Placeholder, string.Join(',', matchers), StringComparison.Ordinal);
    }

    /// <summary>Whether it scrapes every one of these nodes now: a target that is dead, missing or old says nothing about the node (facts 2.2).</summary>
    /// <param name="job">The scrape job of Scylla's own metrics.</param>
    /// <param name="nodes">Who must be there.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null when all are fresh.</returns>
    public async Task<string?> WhyNotFreshAsync(string job, IEnumerable<Node> nodes, CancellationToken ct) =>
        (await StaleAsync(job, nodes, ct)).Select(s => s.Why).FirstOrDefault();

    /// <summary>Those of the nodes that it does not scrape now, each with the reason.</summary>
    public async Task<ImmutableArray<(Node Node, string Why)>> StaleAsync(string job, IEnumerable<Node> nodes, CancellationToken ct)
    {
        var selector = Fill($"up{{job=\"{job}\",{Placeholder}}}");
        var targets = SamplesOf(await QueryAsync(selector, ct));
        var ages = SamplesOf(await QueryAsync($"time() - timestamp({selector})", ct));
        return [.. nodes.Select(n => (n, WhyStale(n, job, targets, ages))).Where(n => n.Item2 is not null).Select(n => (n.n, n.Item2!))];
    }

    private static string? WhyStale(Node node, string job, ImmutableArray<PromSample> targets, ImmutableArray<PromSample> ages)
    {
        var own = targets.Where(t => IsOf(t, node)).ToArray();
        if (own.Length == 0)
        {
            return $"Prometheus does not scrape {node.Name} ({node.Address}) as job {job}";
        }

        if (own.Any(t => t.Value != 1))
        {
            return $"Prometheus can not scrape {node.Name} now: its last numbers are old";
        }

        var age = ages.Where(a => IsOf(a, node)).Select(a => a.Value).DefaultIfEmpty(double.PositiveInfinity).Max();
        return age > MaxAgeSeconds ? string.Create(CultureInfo.InvariantCulture, $"Prometheus last scraped {node.Name} {age:0} s ago") : null;
    }

    /// <summary>The same for targets that are not nodes of ours: so many must be up, and none down.</summary>
    public async Task<string?> WhyNotFreshAsync(string job, int expected, CancellationToken ct)
    {
        var targets = SamplesOf(await QueryAsync(Fill($"up{{job=\"{job}\",{Placeholder}}}"), ct));
        var up = targets.Count(t => t.Value == 1);
        return up == expected && up == targets.Length ? null : $"{up} of {targets.Length} targets of job {job} are up, {expected} are expected";
    }

    private static ImmutableArray<PromSample> SamplesOf(PromAnswer answer) => answer is PromAnswer.Vector vector
        ? vector.Samples : throw new UnrecoverableException("Prometheus answered no vector where targets are asked for");

    // The monitoring stack relabels `instance` to the bare address; plain set-ups leave the port on it (facts 2.2).
    private static bool IsOf(PromSample target, Node node) => target.Labels.TryGetValue("instance", out var instance)
        && (IsHost(instance, node.Address) || IsHost(instance, node.Name));

    private static bool IsHost(string instance, string host) => string.Equals(instance, host, StringComparison.Ordinal)
        || instance.StartsWith(host + ":", StringComparison.Ordinal) || instance.StartsWith($"[{host}]:", StringComparison.Ordinal);

    internal static string InstanceOf(Node node) => $"instance=~\"{InstancePattern(node).Replace(@"\", @"\\", StringComparison.Ordinal)}\"";

    /// <summary>A regular expression (RE2) for the node's instance label, with or without its port.</summary>
    internal static string InstancePattern(Node node) => $@"\[?({Escape(node.Address)}|{Escape(node.Name)})\]?(:[0-9]+)?";

    // Regex.Escape also escapes spaces and #, which RE2 refuses; addresses and names have none of either.
    private static string Escape(string text) => Regex.Escape(text);

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);

    private async Task<PromAnswer> AskAsync(string path, CancellationToken ct)
    {
        var answer = await _http.SendAsync("GET", path, null, isRepeatable: true, ct);
        if (answer.Status is 400 or 422)
        {
            throw new UnrecoverableException($"Prometheus: {_http.Read<AnswerJson>(answer).Error ?? "it refuses the query"}");
        }

        var said = answer.Status is 200 ? _http.Read<AnswerJson>(answer) : throw _http.Classify(answer);
        return said is { Status: "success", Data: { } data }
            ? _http.Take(() => Typed(data)) with { Warnings = said.Warnings ?? [] }
            : throw new UnrecoverableException($"Prometheus: {said.Error ?? "no data in its answer"}");
    }

    private static PromAnswer Typed(DataJson data) => data.ResultType switch
    {
        "vector" => new PromAnswer.Vector([.. data.Result.EnumerateArray().Select(r => new PromSample(Labels(r), Point(r.GetProperty("value"))))]),
        "matrix" => new PromAnswer.Matrix([.. data.Result.EnumerateArray().Select(
            r => new PromSeries(Labels(r), [.. r.GetProperty("values").EnumerateArray().Select(Point)]))]),
        "scalar" => new PromAnswer.Scalar(Point(data.Result)),
        var other => throw new UnrecoverableException($"Prometheus answered a {other}"),
    };

    private static ImmutableSortedDictionary<string, string> Labels(JsonElement result) => result.GetProperty("metric").EnumerateObject()
        .ToImmutableSortedDictionary(l => l.Name, l => l.Value.GetString() ?? "", StringComparer.Ordinal);

    /// <summary><c>[1769624940.123, "0.5"]</c>; the value is text because it may be NaN or infinite.</summary>
    private static PromPoint Point(JsonElement pair) => new(
        DateTimeOffset.FromUnixTimeMilliseconds((long)(pair[0].GetDouble() * 1000)),
        pair[1].GetString() switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN,
        });

    private sealed record AnswerJson(string? Status, DataJson? Data, string? Error, ImmutableArray<string>? Warnings);

    private sealed record DataJson(string ResultType, JsonElement Result);
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ScyllaBot.Sandbox.Clusters.PromQl;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// A Prometheus that scrapes the simulated nodes as the monitoring stack does (facts/scylla.md 2.2): every 20 s, the bare address as
/// `instance`, and `up` for each target. It answers a subset of PromQL (see <see cref="Expr"/>) in the real one's JSON. It begins to scrape
/// when it is started or first asked.
/// </summary>
internal sealed class SimPrometheus(SimCluster cluster) : ISimNeighbour
{
    private const int MostPoints = 11_000;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(20);
    private readonly SampleStore _store = new(TimeSpan.FromHours(2));
    private bool _started;

    public string Kind => "prometheus";

    /// <summary>It answers, and scrapes nothing: what it knows grows old.</summary>
    public bool Stalled { get; set; }

    /// <summary>Call inside the agenda; once is enough.</summary>
    public void Start()
    {
        if (!_started)
        {
            _started = true;
            Scrape();
        }
    }

    public Task<ServiceAnswer> AnswerAsync(ServiceCall call)
    {
        Start();
        return Task.FromResult(Answer(call));
    }

    private ServiceAnswer Answer(ServiceCall call)
    {
        var ask = call.Verb is "POST" ? Form(call) : call.Ask;
        try
        {
            return (call.Verb, call.Path) switch
            {
                ("GET", "/-/ready") => new ServiceAnswer(200, "Prometheus Server is Ready.\n", "text/plain; charset=utf-8"),
                ("GET" or "POST", "/api/v1/query") => Instant(ask),
                ("GET" or "POST", "/api/v1/query_range") => Range(ask),
                _ => new ServiceAnswer(404, "404 page not found\n", "text/plain; charset=utf-8"),
            };
        }
        catch (PromQlException refused)
        {
            return Refused($"invalid parameter \"query\": {refused.Message}");
        }
    }

    private static Func<string, string?> Form(ServiceCall call) => name => call.Ask(name)
        ?? call.Body.Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2 && pair[0] == name)
            .Select(pair => System.Net.WebUtility.UrlDecode(pair[1])).FirstOrDefault();

    private ServiceAnswer Instant(Func<string, string?> ask)
    {
        if (!TryTime(ask("time"), out var at))
        {
            return Refused("invalid parameter \"time\"");
        }

        var value = new Evaluator(_store, at).Of(Parser.Parse(ask("query") ?? ""));
        return value switch
        {
            Value.Scalar scalar => Success("scalar", Pair(at, scalar.Number)),
            Value.Vector vector => Success("vector", vector.Elements.Select(e => new { metric = e.Labels, value = Pair(at, e.Number) })),
            Value.Matrix matrix => Success("matrix", matrix.Series.Select(
                s => new { metric = s.Labels, values = s.Samples.Select(x => Pair(x.At, x.Number!.Value)) })),
            _ => Refused("no value"),
        };
    }

    private ServiceAnswer Range(Func<string, string?> ask)
    {
        var expr = Parser.Parse(ask("query") ?? "");
        if (!TryTime(ask("start"), out var from) || !TryTime(ask("end"), out var to) || StepOf(ask("step")) is not { } step || to < from)
        {
            return Refused("invalid parameter \"start\", \"end\" or \"step\"");
        }

        if ((to - from) / step > MostPoints)
        {
            return Refused("exceeded maximum resolution of 11,000 points per timeseries");
        }

        var series = new SortedDictionary<string, (ImmutableSortedDictionary<string, string> Labels, List<object[]> Values)>(StringComparer.Ordinal);
        for (var at = from; at <= to; at += step)
        {
            var elements = new Evaluator(_store, at).Of(expr) switch
            {
                Value.Vector vector => vector.Elements,
                Value.Scalar scalar => [new Element(ImmutableSortedDictionary<string, string>.Empty, scalar.Number)],
                _ => throw new PromQlException("invalid expression type \"range vector\" for range query"),
            };
            foreach (var element in elements)
            {
                var key = Value.KeyOf(element.Labels);
                if (!series.TryGetValue(key, out var one))
                {
                    series.Add(key, one = (element.Labels, []));
                }

                one.Values.Add(Pair(at, element.Number));
            }
        }

        return Success("matrix", series.Values.Select(s => new { metric = s.Labels, values = s.Values }));
    }

    private static object[] Pair(double at, double number) => [Math.Round(at, 3), Value.Print(number)];

    private static double? StepOf(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds
        : text is { Length: > 0 } && Lexer.Duration(text) is { Ticks: > 0 } duration ? duration.TotalSeconds : null;

    private bool TryTime(string? text, out double at)
    {
        at = Seconds(cluster.Agenda.Now);
        if (text is null || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out at))
        {
            return true;
        }

        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        at = Seconds(time);
        return isTime;
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static ServiceAnswer Success(string type, object result) =>
        new(200, JsonSerializer.Serialize(new { status = "success", data = new { resultType = type, result } }));

    private static ServiceAnswer Refused(string error) =>
        new(400, JsonSerializer.Serialize(new { status = "error", errorType = "bad_data", error }));

    private void Scrape()
    {
        if (!Stalled)
        {
            foreach (var node in cluster.Nodes)
            {
                Scrape(node, Seconds(cluster.Agenda.Now));
            }
        }

        cluster.Agenda.After(_interval, Scrape);
    }

    private void Scrape(SimNode node, double at)
    {
        var target = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cluster"] = cluster.Name, ["dc"] = node.Id.Dc, ["instance"] = node.Id.Address, ["job"] = "scylla",
        });
        var text = MetricsText.Of(node);
        var samples = ScrapedText.Read(text ?? "").Select(s => (s.Labels.AddRange(target), s.Number));
        _store.Add(node.Id.Name, at, [.. samples, (target.Add("__name__", "up"), text is null ? 0 : 1)]);
    }
}

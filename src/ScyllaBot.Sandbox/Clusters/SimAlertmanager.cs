using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.Sandbox.Clusters.PromQl;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One label matcher of a silence, as the API writes it.</summary>
internal sealed record SilenceMatcher(string Name, string Value, bool IsRegex, bool IsEqual = true)
{
    public Matcher Matcher => new(Name, (IsEqual ? "=" : "!") + (IsRegex ? "~" : IsEqual ? "" : "="), Value);
}

/// <summary>A silence. It is pending before <paramref name="StartsAt"/> and expired after <paramref name="EndsAt"/>.</summary>
internal sealed record SimSilence(
    string? Id, ImmutableArray<SilenceMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment)
{
    public string StateAt(DateTimeOffset now) => now >= EndsAt ? "expired" : now < StartsAt ? "pending" : "active";

    public bool Covers(ImmutableSortedDictionary<string, string> labels, DateTimeOffset now) =>
        StateAt(now) is "active" && Matchers.All(m => m.Matcher.Fits(labels));
}

/// <summary>
/// An Alertmanager with the alerts that the cluster's own state gives (a node whose metrics are gone, ranges without a quorum) and those that
/// were posted. Silences as the real one keeps them: a change makes a new one where the old can not be changed in place.
/// </summary>
internal sealed class SimAlertmanager(SimCluster cluster) : ISimNeighbour
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly List<SimSilence> _silences = [];
    private readonly List<PostedAlert> _posted = [];
    private int _ids;

    public string Kind => "alertmanager";

    /// <summary>Those that were made, over or not; the oldest first.</summary>
    public IReadOnlyList<SimSilence> Silences => _silences;

    private DateTimeOffset Now => cluster.Agenda.Now;

    public Task<ServiceAnswer> AnswerAsync(ServiceCall call) => Task.FromResult(Answer(call));

    /// <summary>Alerts that fire now: name, and what they are about.</summary>
    public IEnumerable<ImmutableSortedDictionary<string, string>> Firing()
    {
        foreach (var node in cluster.Nodes.Where(node => node.Phase < StartPhase.MetricsOnly))
        {
            yield return Labels(("alertname", "InstanceDown"), ("instance", node.Id.Address), ("severity", "warning"));
        }

        foreach (var node in cluster.Nodes.Where(node => node.Serves && cluster.Traffic.LostShare > 0))
        {
            yield return Labels(("alertname", "ScyllaQuorumLost"), ("instance", node.Id.Address), ("severity", "critical"));
        }

        foreach (var alert in _posted.Where(alert => alert.EndsAt is null || alert.EndsAt > Now))
        {
            yield return alert.Labels.WithComparers(StringComparer.Ordinal);
        }
    }

    private ImmutableSortedDictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        labels.ToImmutableSortedDictionary(l => l.Name, l => l.Value, StringComparer.Ordinal).Add("cluster", cluster.Name);

    private ServiceAnswer Answer(ServiceCall call)
    {
        var segments = call.Path.Trim('/').Split('/');
        try
        {
            return (call.Verb, segments) switch
            {
                ("GET", ["-", "ready"]) => new ServiceAnswer(200, "OK", "text/plain"),
                ("GET", ["api", "v2", "alerts"]) => Alerts(call),
                ("POST", ["api", "v2", "alerts"]) => Post(call),
                ("GET", ["api", "v2", "silences"]) => Json(_silences.OrderByDescending(s => s.EndsAt).Select(Shown)),
                ("POST", ["api", "v2", "silences"]) => Put(call),
                ("GET", ["api", "v2", "silence", var id]) => Find(id) is { } silence ? Json(Shown(silence)) : new ServiceAnswer(404, ""),
                ("DELETE", ["api", "v2", "silence", var id]) => Expire(id, call),
                _ => new ServiceAnswer(404, "{\"code\":404,\"message\":\"path was not found\"}"),
            };
        }
        catch (JsonException unreadable)
        {
            return Refused(unreadable.Message);
        }
    }

    private ServiceAnswer Alerts(ServiceCall call)
    {
        var filters = call.Query.Where(q => q.Key is "filter").SelectMany(q => ((Expr.Selector)Parser.Parse($"{{{q.Value}}}")).Matchers).ToArray();
        return Json(Firing().Where(labels => filters.All(f => f.Fits(labels)))
            .Select(labels => (Labels: labels, By: _silences.Where(s => s.Covers(labels, Now)).Select(s => s.Id).ToArray()))
            .Where(alert => alert.By.Length == 0 ? call.Ask("active") is not "false" : call.Ask("silenced") is not "false")
            .Select(alert => new
            {
                annotations = new { }, endsAt = Now + TimeSpan.FromMinutes(5), fingerprint = cluster.Dice.Uuid(Value.KeyOf(alert.Labels)).ToString("N")[..16],
                receivers = new[] { new { name = "default" } }, startsAt = Now,
                status = new { inhibitedBy = Array.Empty<string>(), silencedBy = alert.By, state = alert.By.Length == 0 ? "active" : "suppressed" },
                updatedAt = Now, generatorURL = "", labels = alert.Labels,
            }));
    }

    private ServiceAnswer Post(ServiceCall call)
    {
        _posted.AddRange(JsonSerializer.Deserialize<PostedAlert[]>(call.Body, _json) ?? []);
        return new ServiceAnswer(200, "");
    }

    private ServiceAnswer Put(ServiceCall call)
    {
        var asked = JsonSerializer.Deserialize<SimSilence>(call.Body, _json);
        if (asked is null || asked.Matchers.IsDefaultOrEmpty || asked.EndsAt <= Now || asked.EndsAt <= asked.StartsAt)
        {
            return Refused(asked is null || asked.Matchers.IsDefaultOrEmpty ? "silence invalid: at least one matcher required" : "silence invalid: end time can't be in the past");
        }

        if (asked.Id is { Length: > 0 } id)
        {
            if (Find(id) is not { } there)
            {
                return new ServiceAnswer(404, "{\"code\":404,\"message\":\"silence not found\"}");
            }

            var place = _silences.IndexOf(there);
            if (there.StateAt(Now) is "active" && there.StartsAt == asked.StartsAt && there.Matchers.SequenceEqual(asked.Matchers))
            {
                _silences[place] = asked;
                Record(asked, "silence-renewed", call);
                return Json(new { silenceID = id });
            }

            _silences[place] = there.StateAt(Now) is "expired" ? there : there with { EndsAt = Now };
        }

        var made = asked with { Id = cluster.Dice.Uuid($"silence/{++_ids}").ToString(), StartsAt = asked.StartsAt < Now ? Now : asked.StartsAt };
        _silences.Add(made);
        Record(made, "silence", call);
        return Json(new { silenceID = made.Id });
    }

    private ServiceAnswer Expire(string id, ServiceCall call)
    {
        if (Find(id) is not { } silence)
        {
            return new ServiceAnswer(404, "");
        }

        if (silence.StateAt(Now) is "expired")
        {
            return new ServiceAnswer(500, JsonSerializer.Serialize($"silence {id} already expired"));
        }

        _silences[_silences.IndexOf(silence)] = silence with { EndsAt = Now };
        Record(silence, "unsilence", call);
        return new ServiceAnswer(200, "");
    }

    private SimSilence? Find(string id) => _silences.Find(s => string.Equals(s.Id, id, StringComparison.Ordinal));

    private object Shown(SimSilence silence) => new
    {
        id = silence.Id, status = new { state = silence.StateAt(Now) }, updatedAt = silence.StartsAt, comment = silence.Comment, createdBy = silence.CreatedBy,
        endsAt = silence.EndsAt, startsAt = silence.StartsAt,
        matchers = silence.Matchers.Select(m => new { isEqual = m.IsEqual, isRegex = m.IsRegex, name = m.Name, value = m.Value }),
    };

    /// <summary>An effect on the node that the silence is about; one about none of them is nobody's.</summary>
    private void Record(SimSilence silence, string kind, ServiceCall call)
    {
        var node = cluster.Nodes.FirstOrDefault(node => silence.Matchers.Any(m =>
            m is { Name: "instance", IsEqual: true } && m.Matcher.Fits(Labels(("instance", node.Id.Address)))));
        if (node is not null)
        {
            cluster.Record(node, kind, new Cause(call.Headers.TryGetValue("X-ScyllaBot-Step", out var step) ? step : null, null));
        }
    }

    private static ServiceAnswer Json(object value) => new(200, JsonSerializer.Serialize(value, _json));

    private static ServiceAnswer Refused(string error) => new(400, JsonSerializer.Serialize(error));

    private sealed record PostedAlert(ImmutableSortedDictionary<string, string> Labels, DateTimeOffset? EndsAt);
}

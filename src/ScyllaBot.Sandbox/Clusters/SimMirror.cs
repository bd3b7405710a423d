using System.Text.Json;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// The sandbox's data service, as docs/shadow-cluster.md describes one: it really keeps the shadow's rows, so a write that got lost is a read
/// that differs. Its answers are of the moment, unless a test holds them still.
/// </summary>
internal sealed class SimMirror : ISimNeighbour, IWorldObserver
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly SimCluster _shadow;
    private readonly string _source;
    private readonly MirrorWork _work;
    private string? _known;
    private string[] _keyspaces = [];
    private DateTimeOffset? _writesSince;
    private DateTimeOffset? _readsSince;
    private DateTimeOffset? _frozenAt;
    private double _stray;

    public SimMirror(SimCluster shadow, string source)
    {
        (_shadow, _source) = (shadow, source);
        _work = new MirrorWork(shadow, () => shadow.World.Clusters.IsDefault ? null : shadow.World.Cluster(source));
        shadow.World.Watch(this);
        Feed();
    }

    public string Kind => "mirror";

    public bool IsMirroring => _work.Percent > 0;

    public bool IsComparing => _work.SamplePercent > 0;

    public IReadOnlyList<MirrorCopy> Copies => _work.Copies;

    /// <summary>Rows that the shadow has now.</summary>
    public int Rows
    {
        get
        {
            _work.Look();
            return _work.RowsHeld;
        }
    }

    private DateTimeOffset Now => _shadow.Agenda.Now;

    /// <summary>Requests a second of each node that are nobody's mirror: somebody uses the shadow.</summary>
    public void Stray(double perNode)
    {
        _stray = perNode;
        Feed();
    }

    /// <summary>Its numbers stand still from now on, as those of a service whose collector died.</summary>
    public void Freeze() => _frozenAt = Now;

    public Task<ServiceAnswer> AnswerAsync(ServiceCall call)
    {
        _work.Look();
        try
        {
            return Task.FromResult(Answer(call));
        }
        catch (JsonException unreadable)
        {
            return Task.FromResult(Refuse(400, unreadable.Message));
        }
    }

    public void NodeChanged(SimNode node)
    {
        if (node.Cluster == _shadow)
        {
            _work.Look();
            Feed();
        }
    }

    public void EffectRecorded(Effect effect)
    {
        // What happens to nodes shows in their state.
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // It bites where the work is done.
    }

    private ServiceAnswer Answer(ServiceCall call)
    {
        var segments = call.Path.Trim('/').Split('/');
        if (segments is not ["v1", "mirrors", var shadow, .. var rest] || shadow != _shadow.Name)
        {
            return Refuse(404, "no such mirror");
        }

        return (call.Verb, rest) switch
        {
            ("GET", []) => Status(),
            ("PUT", ["writes"]) => Order(call, order => order.Percent is > 0 and <= 100, order => SetWrites(order, call)),
            ("DELETE", ["writes"]) => SetWrites(null, call),
            ("PUT", ["reads"]) => Order(call, order => order.SamplePercent is > 0 and <= 100, order => SetReads(order, call)),
            ("DELETE", ["reads"]) => SetReads(null, call),
            ("GET", ["reads"]) => Reads(call.Ask("window_seconds")),
            ("PUT", ["copies", var id]) => Order(call, _ => true, _ => Copy(id, call)),
            ("GET", ["copies", var id]) => _work.Copies.Find(copy => copy.Id == id) is { } copy ? Json(Shown(copy)) : Refuse(404, "no such copy"),
            ("DELETE", ["copies"]) => StopCopies(call),
            _ => Refuse(404, "no such path"),
        };
    }

    private ServiceAnswer Order(ServiceCall call, Func<Asked, bool> isSound, Func<Asked, ServiceAnswer> act)
    {
        var order = JsonSerializer.Deserialize<Asked>(call.Body, _json);
        if (order is not { Source: { } source, Keyspaces.Length: > 0 } || !isSound(order))
        {
            return Refuse(400, "source, keyspaces or a share is missing");
        }

        if (source != _source)
        {
            return Refuse(409, $"{_shadow.Name} is fed from {_source}");
        }

        (_known, _keyspaces) = (source, order.Keyspaces);
        return act(order);
    }

    private ServiceAnswer SetWrites(Asked? order, ServiceCall call)
    {
        var percent = (int)(order?.Percent ?? 0);
        if (percent != _work.Percent)
        {
            _writesSince = percent > 0 ? _writesSince ?? Now : null;
            (_work.Written, _work.Failed) = _work.Percent == 0 ? (0, 0) : (_work.Written, _work.Failed);
            _work.Percent = percent;
            Record(percent > 0 ? "dual-writes-on" : "dual-writes-off", call);
        }

        Feed();
        return Status();
    }

    private ServiceAnswer SetReads(Asked? order, ServiceCall call)
    {
        var percent = order?.SamplePercent ?? 0;
        if (!percent.Equals(_work.SamplePercent))
        {
            _readsSince = percent > 0 ? _readsSince ?? Now : null;
            _work.SamplePercent = percent;
            Record(percent > 0 ? "compare-on" : "compare-off", call);
        }

        Feed();
        return Status();
    }

    private ServiceAnswer Copy(string id, ServiceCall call)
    {
        if (_work.Copies.Find(c => c.Id == id) is not { } copy)
        {
            _work.Copies.Add(copy = new MirrorCopy(id, Now));
            Record("copy", call);
        }

        return Json(Shown(copy));
    }

    private ServiceAnswer StopCopies(ServiceCall call)
    {
        foreach (var copy in _work.Copies.Where(copy => copy.State is "running"))
        {
            (copy.State, copy.Error) = ("failed", "stopped");
            Record("copy-stopped", call);
        }

        return Status();
    }

    private ServiceAnswer Status() => Json(new
    {
        source = _known, shadow = _shadow.Name, measured_at = _frozenAt ?? Now,
        writes = new
        {
            state = IsMirroring ? "on" : "off", percent = _work.Percent, keyspaces = _keyspaces, since = _writesSince, written = _work.Written, failed = _work.Failed,
            lag_seconds = IsMirroring ? _work.LagSeconds : 0,
        },
        reads = new { state = IsComparing ? "on" : "off", sample_percent = _work.SamplePercent, since = _readsSince },
        copy = _work.Copies.Count == 0 ? null : Shown(_work.Copies[^1]),
    });

    private ServiceAnswer Reads(string? window)
    {
        if (!double.TryParse(window, System.Globalization.CultureInfo.InvariantCulture, out var seconds) || seconds is <= 0 or > 604_800)
        {
            return Refuse(400, "window_seconds must be 1 to 604800");
        }

        var at = _frozenAt ?? Now;
        var slices = _work.Slices.Where(slice => slice.At > at - TimeSpan.FromSeconds(seconds) && slice.At <= at).ToArray();
        var any = slices.Length > 0;
        return Json(new
        {
            state = IsComparing ? "on" : "off", since = _readsSince, measured_at = at, window_seconds = seconds, matched = slices.Sum(s => s.Matched),
            mismatched = slices.Sum(s => s.Mismatched), errors = slices.Sum(s => s.Errors), source_p99_ms = any ? 2.5 : (double?)null, shadow_p99_ms = any ? 2.7 : (double?)null,
        });
    }

    private object Shown(MirrorCopy copy) =>
        new { id = copy.Id, source = _source, state = copy.State, rows = copy.Rows, total = MirroredRows.Count, error = copy.Error };

    private void Feed() => _shadow.Traffic.SetLoad(_work.LoadPerNode(_stray));

    private void Record(string kind, ServiceCall call) => _shadow.Record(
        _shadow.Machines[0], kind, new Cause(call.Headers.TryGetValue("X-ScyllaBot-Step", out var step) ? step : null, null));

    private static ServiceAnswer Json(object value) => new(200, JsonSerializer.Serialize(value, _json));

    private static ServiceAnswer Refuse(int status, string error) => new(status, JsonSerializer.Serialize(new { error }, _json));

    private sealed record Asked(string? Source, string[]? Keyspaces, double? Percent, double? SamplePercent);
}

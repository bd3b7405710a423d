using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>Faults that were asked for and have not bitten yet. Guarded by the world's gate.</summary>
internal sealed class Faults(TimeProvider time)
{
    private const int MaxRest = 100;

    private readonly List<RestFault> _rest = [];

    private int _duplicates;

    private int _losses;

    private int _lostAcks;

    private long? _noAckUntil;

    private long? _globalUntil;

    public void DuplicateNext(int count) => _duplicates += count;

    public void LoseNext(int count) => _losses += count;

    /// <summary>How often the next interaction is delivered: 0, 1 or 2 times, as the docs warn.</summary>
    public int TakeDeliveries()
    {
        if (_losses > 0)
        {
            _losses--;
            return 0;
        }

        return _duplicates > 0 && _duplicates-- > 0 ? 2 : 1;
    }

    public void NoAck(int count, TimeSpan life)
    {
        _lostAcks = count;
        _noAckUntil = After(life);
    }

    /// <summary>True when this heartbeat must stay without an answer.</summary>
    public bool TakeNoAck()
    {
        if (_noAckUntil is { } until && time.GetTimestamp() < until)
        {
            return true;
        }

        _noAckUntil = null;
        return _lostAcks > 0 && _lostAcks-- > 0;
    }

    public void GlobalLimit(TimeSpan life) => _globalUntil = After(life);

    /// <summary>How long the global limit still holds, or null.</summary>
    public TimeSpan? GlobalLeft =>
        _globalUntil is { } until && time.GetTimestamp() is var now && now < until ? time.GetElapsedTime(now, until) : null;

    public void AddRest(RestFault fault)
    {
        _rest.Add(fault);
        if (_rest.Count > MaxRest)
        {
            _rest.RemoveAt(0);
        }
    }

    /// <summary>The first fault of this kind that fits the call; its count goes down.</summary>
    public RestFault? TakeRest(string kind, string method, string path)
    {
        var fault = _rest.Find(candidate => candidate.Kind == kind && candidate.Fits(method, path));
        if (fault is not null && --fault.Left <= 0)
        {
            _rest.Remove(fault);
        }

        return fault;
    }

    public void Clear()
    {
        _rest.Clear();
        _duplicates = _losses = _lostAcks = 0;
        _noAckUntil = _globalUntil = null;
    }

    public JsonArray Json() =>
        new([
            .. _rest.Select(fault =>
                (JsonNode)
                    new JsonObject
                    {
                        ["kind"] = fault.Kind,
                        ["count"] = fault.Left,
                        ["seconds"] = fault.Life.TotalSeconds,
                        ["method"] = fault.Method,
                        ["path"] = fault.Path,
                    }
            ),
        ]);

    private long After(TimeSpan life) => time.GetTimestamp() + (long)(life.TotalSeconds * time.TimestampFrequency);
}

/// <summary>A fault of the REST side: bites <see cref="Left"/> times, only on calls whose method and part of the path fit.</summary>
internal sealed record RestFault(string Kind, TimeSpan Life, string? Method, string? Path)
{
    public int Left { get; set; } = 1;

    public bool Fits(string method, string path) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (
            Path is null
                ? Kind != "rate-limit" || !path.EndsWith("/callback", StringComparison.Ordinal)
                : path.Contains(Path, StringComparison.Ordinal)
        );
}

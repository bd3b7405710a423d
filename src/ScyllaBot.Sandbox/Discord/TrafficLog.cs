using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>
/// What went over the wire, newest last, bounded in entries and in characters. Has its own lock: sockets write to it at any time.
/// </summary>
internal sealed class TrafficLog(DiscordEmulatorOptions options)
{
    private const int MaxBody = 64 * 1024;

    private readonly Lock _gate = new();

    private readonly Queue<TrafficEntry> _entries = [];

    private long _next = 1;

    private long _characters;

    public void Rest(string method, string path, string? body, int status, string? reply, TimeSpan took) =>
        Add(new TrafficEntry("rest", method, path, Cut(body), status, Cut(reply), took.TotalMilliseconds));

    /// <summary>Notes a gateway frame, or a connect or close.</summary>
    /// <param name="direction">in = from the bot, out = to the bot.</param>
    /// <param name="what">Session id, or - before there is one.</param>
    public void Gateway(string direction, string what, string frame) =>
        Add(new TrafficEntry("gateway", direction, what, Cut(frame), 0, null, 0));

    public JsonObject After(long after)
    {
        lock (_gate)
        {
            var entries = _entries.Where(entry => entry.Number > after).ToList();
            return new JsonObject
            {
                ["next"] = _next - 1,
                ["entries"] = new JsonArray([.. entries.Select(entry => (JsonNode)entry.Json())]),
            };
        }
    }

    private static string? Cut(string? text) => text is { Length: > MaxBody } ? text[..MaxBody] : text;

    private void Add(TrafficEntry entry)
    {
        lock (_gate)
        {
            entry.Number = _next++;
            entry.At = options.Time.GetUtcNow();
            _entries.Enqueue(entry);
            _characters += entry.Characters;
            while (_entries.Count > options.TrafficEntries || (_characters > options.TrafficCharacters && _entries.Count > 1))
            {
                _characters -= _entries.Dequeue().Characters;
            }
        }
    }
}

/// <summary>One REST call, or one gateway frame (method in/out, path = session).</summary>
internal sealed record TrafficEntry(string Kind, string Method, string Path, string? Body, int Status, string? Reply, double Milliseconds)
{
    public long Number { get; set; }

    public DateTimeOffset At { get; set; }

    public int Characters => 200 + (Body?.Length ?? 0) + (Reply?.Length ?? 0);

    public JsonObject Json() =>
        new()
        {
            ["n"] = Number,
            ["kind"] = Kind,
            ["at"] = At.ToString("O"),
            ["at_ms"] = At.ToUnixTimeMilliseconds(),
            ["method"] = Method,
            ["path"] = Path,
            ["body"] = Parsed(Body),
            ["status"] = Status,
            ["reply"] = Parsed(Reply),
            ["ms"] = Math.Round(Milliseconds, 3),
        };

    /// <summary>JSON as JSON, anything else (cut bodies too) as a string.</summary>
    private static JsonNode? Parsed(string? text) =>
        text is null ? null
        : JsonReading.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var valid) is var node && valid ? node
        : JsonValue.Create(text);
}

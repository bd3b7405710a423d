using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>Listens to the emulator as a person's client does, and knows at once of each message that rings for them.</summary>
internal sealed class PingWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _end = new();
    private readonly string _user;
    private readonly Lock _gate = new();
    private TaskCompletionSource<Ping> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    private PingWatch(string user) => _user = user;

    /// <summary>The footers of all messages that rang, one for each message.</summary>
    public IReadOnlyCollection<string> Rang => [.. _seen.Values];

    public static async Task<PingWatch> StartAsync(Uri page, string user)
    {
        var watch = new PingWatch(user);
        var stream = await watch._http.GetStreamAsync(new Uri(page, $"/page-api/events?user={user}"));
        watch._reading = watch.ReadAsync(stream);
        return watch;
    }

    /// <summary>The next message that rings and was not seen before this call.</summary>
    public async Task<Ping> NextAsync(TimeSpan patience)
    {
        Task<Ping> next;
        lock (_gate)
        {
            _next = new TaskCompletionSource<Ping>(TaskCreationOptions.RunContinuationsAsynchronously);
            next = _next.Task;
        }

        return await next.WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        try
        {
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains("\"pings\"", StringComparison.Ordinal))
                {
                    See(line["data: ".Length..]);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // The test is over, or the sandbox.
        }
    }

    private void See(string data)
    {
        using var json = JsonDocument.Parse(data);
        var message = json.RootElement;
        if (!message.TryGetProperty("pings", out var pings) || pings.EnumerateArray().All(p => p.GetString() != _user))
        {
            return;
        }

        var id = message.GetProperty("id").GetString()!;
        if (_seen.TryAdd(id, FooterOf(message)))
        {
            lock (_gate)
            {
                _next.TrySetResult(new Ping(id, TimeOf(id)));
            }
        }
    }

    private static string FooterOf(JsonElement message) => message.GetProperty("embeds").EnumerateArray()
        .Select(e => e.TryGetProperty("footer", out var footer) ? footer.GetProperty("text").GetString()! : "").FirstOrDefault("");

    // The id of a message is made when its POST is taken: it holds the milliseconds since 2015.
    private static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(ulong.Parse(id, CultureInfo.InvariantCulture) >> 22) + 1_420_070_400_000);
}

/// <param name="At">When its POST was taken, real time.</param>
internal sealed record Ping(string Message, DateTimeOffset At);

using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Chat;

/// <summary>How a heartbeat is sent.</summary>
public enum HeartbeatKind
{
    Get,
    Post,

    /// <summary>An alert that ends by itself unless it is sent again: whoever watches for its absence is told when we are gone.</summary>
    Alertmanager,
}

/// <summary>
/// A sign of life to somebody outside (R10). It stops when the process does, and also when the store can not be written to any more: a bot that
/// can not journal does nothing for its jobs.
/// </summary>
/// <param name="url">Where; the address itself is the secret.</param>
/// <param name="kind">How.</param>
/// <param name="every">Between two of them.</param>
/// <param name="store">Written to before each.</param>
/// <param name="http">Real time, from here.</param>
/// <param name="time">Real time.</param>
/// <param name="log">What failed; never the address.</param>
public sealed partial class Heartbeat(
    SecretRef url, HeartbeatKind kind, TimeSpan every, IJobStore store, IHttpExchange http, TimeProvider time, ILogger<Heartbeat> log)
{
    private const string Note = "heartbeat";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>When one arrived last; null: none since this process began.</summary>
    public DateTimeOffset? LastArrived { get; private set; }

    /// <summary>How often it beats.</summary>
    public TimeSpan Every => every;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await BeatAsync(ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogFailed(failed.Message);
            }

            await Task.Delay(every, time, ct);
        }
    }

    /// <summary>One.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await store.WriteNoteAsync(Note, now.ToString("O", CultureInfo.InvariantCulture), ct);
        var call = new HttpCall(kind == HeartbeatKind.Get ? "GET" : "POST", HttpCall.Hidden, Patience) { SecretUri = url, MaxBytes = 64 * 1024 };
        var answer = await http.SendAsync(kind == HeartbeatKind.Alertmanager ? call with { Body = Alert(now), ContentType = "application/json" } : call, ct);
        if (answer.Status is < 200 or >= 300)
        {
            LogFailed($"status {answer.Status}");
            return;
        }

        LastArrived = now;
    }

    private byte[] Alert(DateTimeOffset now) => JsonSerializer.SerializeToUtf8Bytes(new[]
    {
        new
        {
            labels = new { alertname = "ScyllaBotAlive", severity = "none", job = "scyllabot" },
            annotations = new { summary = "ScyllaBot is alive; this alert ends when it stops." },
            endsAt = (now + (3 * every)).ToString("O", CultureInfo.InvariantCulture),
        },
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat did not arrive: {Why}")]
    private partial void LogFailed(string why);
}

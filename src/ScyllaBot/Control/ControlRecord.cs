using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Who asked for what here, and what came of it (R21). Who may nothing can not fill the record: one line a minute each is enough.</summary>
internal sealed partial class ControlRecord(IJobControl control, TimeProvider time, ILogger<ControlRecord> logger)
{
    public const string Channel = "control";
    private const int Longest = 500;
    private const int MostStrangers = 1000;
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _strangers = new(StringComparer.Ordinal);

    public async Task WriteAsync(Actor by, string said, string decision)
    {
        try
        {
            await control.AuditAsync(by with { Channel = Channel }, Markup.Cut(said, Longest), Markup.Cut(decision, Longest), CancellationToken.None);
        }
        catch (Exception failed)
        {
            // What was done is done; the log keeps what the record could not.
            LogUnrecorded(failed, by.Person.Id, said, decision);
        }
    }

    public Task RefusedAsync(Actor by, string said, string why) =>
        by.Rights == Rights.None && !IsNews(by.Person.Id) ? Task.CompletedTask : WriteAsync(by, said, $"refused: {why}");

    private bool IsNews(string stranger)
    {
        lock (_gate)
        {
            if (_strangers.TryGetValue(stranger, out var at) && time.GetElapsedTime(at) < Between)
            {
                return false;
            }

            if (_strangers.Count >= MostStrangers)
            {
                _strangers.Clear();
            }

            _strangers[stranger] = time.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not be recorded: {Person} said {Said}: {Decision}")]
    private partial void LogUnrecorded(Exception why, string person, string said, string decision);
}

/// <summary>Name of the chat channel where cards of jobs from here stand; empty: there is none.</summary>
internal sealed record CardChannel(string Name);

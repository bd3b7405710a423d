using System.Text.Json.Serialization;

namespace ScyllaBot.Discord.Gateway;

/// <summary>What resuming needs, also after a restart of the bot.</summary>
/// <param name="Id">Session id.</param>
/// <param name="Url">Resume address without the query.</param>
/// <param name="Sequence">Of the last dispatch.</param>
internal sealed record SavedSession(
    [property: JsonPropertyName("session_id")] string Id, [property: JsonPropertyName("resume_url")] string Url,
    [property: JsonPropertyName("seq")] long Sequence);

/// <summary>
/// Holds the session and writes it down, at most every few seconds: what a crash loses of the sequence only makes Discord
/// repeat some events, and repeated interactions can no longer be acknowledged.
/// </summary>
internal sealed partial class SessionKeeper(DiscordNotes notes, TimeProvider time, ILogger log)
{
    private const string Key = "discord/session";

    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private SavedSession? _written;
    private long _writtenAt;
    private bool _writing;

    public SavedSession? Session { get; private set; }

    public async Task LoadAsync(CancellationToken ct)
    {
        try
        {
            var text = await notes.Read(Key, ct);
            Session = string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize<SavedSession>(text);
            Session = IsUsable(Session) ? Session : null;
            _written = Session;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Without the note a new session is started; nothing is lost but a little of the identify quota.
            LogNoteLost(e);
        }
    }

    public void Begin(SavedSession session) => Session = IsUsable(session) ? session : null;

    public void Drop() => Session = null;

    public void Saw(long sequence)
    {
        if (Session is not null && sequence > Session.Sequence)
        {
            Session = Session with { Sequence = sequence };
        }
    }

    /// <summary>Called with every dispatch; most calls do nothing.</summary>
    public async Task SaveSometimesAsync()
    {
        if (!_writing && (_written?.Id != Session?.Id || time.GetElapsedTime(_writtenAt) >= WriteEvery))
        {
            await SaveAsync(CancellationToken.None);
        }
    }

    public async Task SaveAsync(CancellationToken ct)
    {
        if (_written == Session)
        {
            return;
        }

        _writing = true;
        try
        {
            var session = Session;
            _writtenAt = time.GetTimestamp();
            await notes.Write(Key, session is null ? null : JsonSerializer.Serialize(session), ct);
            _written = session;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNoteLost(e);
        }
        finally
        {
            _writing = false;
        }
    }

    private static bool IsUsable(SavedSession? session) =>
        session is not null && !string.IsNullOrEmpty(session.Id) && Uri.TryCreate(session.Url, UriKind.Absolute, out _);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The note of the gateway session can not be read or written")]
    private partial void LogNoteLost(Exception e);
}

using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>An outage lasts for hours and is tried again every minute: it is told once, in words, and once when it is over.</summary>
internal sealed partial class DiscordBot
{
    private string? _toldOutage;

    private void Tell(Exception e)
    {
        if (e is not DiscordException refusal)
        {
            LogBroken(e);
            return;
        }

        // Of one outage the errors change: no name, no connection, no answer.
        var what = refusal.Failure is DiscordFailure.Unavailable ? nameof(DiscordFailure.Unavailable) : refusal.Message;
        if (!string.Equals(_toldOutage, what, StringComparison.Ordinal))
        {
            _toldOutage = what;
            LogUnreachable(options.ApiBase.Host, refusal.Message);
        }
    }

    private void Reached()
    {
        if (_toldOutage is not null)
        {
            _toldOutage = null;
            LogReachable(options.ApiBase.Host);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord ({Host}) can not be reached: {Why}. Jobs go on without chat; it is tried again, at least once a minute")]
    private partial void LogUnreachable(string host, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Discord ({Host}) answers again")]
    private partial void LogReachable(string host);
}

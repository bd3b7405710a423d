using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

internal sealed partial class Interactions
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Interaction {Id} was delivered again")]
    private partial void LogSeen(string id);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Interaction {Id} could not be acknowledged ({Failure}) {Age} after receipt; nothing is done for it")]
    private partial void LogUnacknowledged(string id, DiscordFailure failure, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Error, Message = "Error {ErrorId} while working on interaction {Id}")]
    private partial void LogFailed(Exception e, string errorId, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to interaction {Id} could not be shown")]
    private partial void LogUntold(Exception e, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Interaction {Id} was not answered")]
    private partial void LogUnanswered(Exception e, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Completion failed")]
    private partial void LogCompletion(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not on record: {Person} said {Said}, decision {Decision}")]
    private partial void LogUnaudited(Exception e, string person, string said, string decision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} interactions were still being worked on at the stop")]
    private partial void LogUndrained(int count);
}

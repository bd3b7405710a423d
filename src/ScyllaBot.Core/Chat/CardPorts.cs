using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Chat;

/// <summary>What every card needs.</summary>
/// <param name="Live">What a job is doing now; null when there is no such job.</param>
internal sealed record CardPorts(
    IJobStore Store, IChat Chat, TimeProvider Time, TimeProvider EngineTime, IRandom Random, Func<JobId, Task<LiveJob?>> Live, bool Sandbox, ILogger Log);

internal static partial class CardLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The card of job {Job} could not be written (failure {Failures} in a row)")]
    public static partial void CardFailed(ILogger log, Exception why, JobId job, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log lines of job {Job} could not be posted: {Why}")]
    public static partial void LinesFailed(ILogger log, JobId job, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The card of job {Job} was deleted; posted again as {Message}")]
    public static partial void CardReposted(ILogger log, JobId job, MessageRef message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} message of job {Job} stays as it is: {Why}")]
    public static partial void SideGivenUp(ILogger log, string kind, JobId job, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which cards are unfinished could not be read or noted")]
    public static partial void NoteFailed(ILogger log, Exception why);
}

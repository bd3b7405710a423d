using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Chat;

/// <summary>One line to every sink. A sink that throws neither stops the others nor reaches the task that wrote. Thread-safe.</summary>
public sealed partial class JobLogSink(ILogger<JobLogSink> log, params ImmutableArray<ILogSink> sinks) : ILogSink
{
    public void Write(LogLine line)
    {
        foreach (var sink in sinks)
        {
            try
            {
                sink.Write(line);
            }
            catch (Exception failed)
            {
                LogSinkFailed(log, failed, sink.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A log line could not be written to {Sink}")]
    private static partial void LogSinkFailed(ILogger log, Exception why, string sink);
}

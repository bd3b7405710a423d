using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Observe;

namespace ScyllaBot;

/// <summary>Job log lines into the process's log, in scopes of job, step, node and operator.</summary>
internal sealed partial class ProcessLogSink(ILogger<ProcessLogSink> logger, OpenJobs? jobs = null) : ILogSink
{
    public void Write(LogLine line)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["JobId"] = line.Job, ["Step"] = line.Path, ["Node"] = line.Node, ["Operator"] = jobs?.OperatorOf(line.Job),
        });
        LogLineOf(line.ToString());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogLineOf(string line);
}

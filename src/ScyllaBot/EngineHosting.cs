using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot;

/// <param name="Ask">Open jobs wait for resume after a start (<c>Jobs:ResumeOnStart</c>).</param>
internal sealed record ResumeMode(bool Ask);

/// <summary>Takes open jobs up at start and lets them go, still open, at the end.</summary>
internal sealed partial class EngineHosting(
    JobEngine engine, JobChoices choices, IJobStore store, ResumeMode mode, HaltFile halt, ILogger<EngineHosting> logger) : IHostedService
{
    private const int Remembered = 100;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        choices.Fill(await store.ListJobsAsync(new JobFilter(Limit: Remembered), cancellationToken));

        // Before any job is taken up: what is halted begins nothing (R20).
        await halt.LookAsync(cancellationToken);
        foreach (var (job, why) in await engine.ResumeAllAsync(mode.Ask, cancellationToken))
        {
            LogStuck(job, why);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await engine.DisposeAsync();

    [LoggerMessage(Level = LogLevel.Critical, Message = "Job {Job} is open but can not go on here: {Why}")]
    private partial void LogStuck(JobId job, string why);
}

using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord;

namespace ScyllaBot.Observe;

/// <summary>What is counted as it happens. Thread-safe.</summary>
internal sealed class BotMeters : IDiscordWatch
{
    private readonly Tally _started = new(Families.JobsStarted);
    private readonly Tally _ended = new(Families.JobsEnded);
    private readonly Tally _halts = new(Families.Halts);
    private readonly Tally _holds = new(Families.Holds);
    private readonly Tally _retries = new(Families.StepRetries);
    private readonly Tally _failures = new(Families.StepFailures);
    private readonly Tally _interactions = new(Families.Interactions);
    private readonly Tally _limited = new(Families.RateLimited);
    private readonly Tally _waits = new(Families.RateWaits);
    private readonly Tally _appends = new(Families.Appends);
    private readonly Tally _backups = new(Families.Backups);
    private readonly Tally _forgotten = new(Families.Forgotten);
    private readonly Durations _steps = new(Families.StepDuration, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400);
    private readonly Durations _commits = new(Families.CommitLatency, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10);
    private readonly Durations _acks = new(Families.AckLatency, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3);

    public BotMeters()
    {
        // Known values are there from the start, so that their first increase is seen.
        foreach (var outcome in Enum.GetNames<JobOutcome>())
        {
            _ended.Add(0, outcome.ToLowerInvariant());
        }

        foreach (var (tally, values) in new[]
        {
            (_interactions, new[] { "acknowledged", "refused" }), (_limited, ["global", "shared", "bucket"]),
            (_appends, ["appended", "conflict", "fenced", "failed"]), (_backups, ["good", "failed"]),
        })
        {
            Array.ForEach(values, v => tally.Add(0, v));
        }
    }

    public void JobStarted() => _started.Add(1);

    public void JobEnded(JobOutcome outcome) => _ended.Add(1, outcome.ToString().ToLowerInvariant());

    public void Halted() => _halts.Add(1);

    public void Held() => _holds.Add(1);

    public void StepPassed(string task, TimeSpan took) => _steps.Add(took, task);

    public void StepFailed(string task, bool isRetried) => (isRetried ? _retries : _failures).Add(1, task);

    /// <param name="took">Until it was durable or refused.</param>
    /// <param name="outcome">Null: the store threw.</param>
    public void Appended(TimeSpan took, AppendOutcome? outcome)
    {
        _commits.Add(took);
        _appends.Add(1, outcome switch
        {
            AppendOutcome.Appended => "appended",
            AppendOutcome.Conflict => "conflict",
            AppendOutcome.Fenced => "fenced",
            _ => "failed",
        });
    }

    public void BackedUp(bool isGood) => _backups.Add(1, isGood ? "good" : "failed");

    public void Forgot(int jobs) => _forgotten.Add(jobs);

    public void Acknowledged(TimeSpan after, bool wasTaken)
    {
        _acks.Add(after);
        _interactions.Add(1, wasTaken ? "acknowledged" : "refused");
    }

    public void Limited(bool wholeClient, bool shared) => _limited.Add(1, wholeClient ? "global" : shared ? "shared" : "bucket");

    public void Waited(TimeSpan wait) => _waits.Add(wait.TotalSeconds);

    public void Write(Exposition page)
    {
        foreach (var tally in new[] { _started, _ended, _halts, _holds, _retries, _failures, _interactions, _limited, _waits, _appends, _backups, _forgotten })
        {
            tally.Write(page);
        }

        foreach (var durations in new[] { _steps, _commits, _acks })
        {
            durations.Write(page);
        }
    }
}

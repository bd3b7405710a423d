using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Units of one step of a job: journalled there, with a seam before each where the job may stop or make room (R3, R18).</summary>
internal sealed class JobUnits(JobRun run, StepKey key) : IUnits
{
    /// <summary>A task under the job is no step of it: it keeps no units and makes room for nobody.</summary>
    private StepState? AtWork => StartedIn(run.Job);

    public async Task<DateTimeOffset?> SinceAsync(string mark)
    {
        await DoneAsync(mark);
        return AtWork?.Units.TryGetValue(mark, out var since) == true ? since : null;
    }

    public DateTimeOffset? Begun => AtWork is { Unit: not null } step ? step.UnitBegun : null;

    public async Task<string?> FinishAsync(IEnumerable<(string Unit, Func<Task> Work)> units)
    {
        if (AtWork is not { Unit: { } open })
        {
            return null;
        }

        foreach (var (unit, work) in units.Where(u => u.Unit == open))
        {
            await RunAsync(unit, work);
            return null;
        }

        return open;
    }

    public async Task RunAsync(string unit, Func<Task> work)
    {
        if (AtWork?.Units.ContainsKey(unit) == true)
        {
            new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, key.Path, key.Node).Write($"{unit}: done before");
            return;
        }

        if (AtWork is { } step && step.Unit != unit)
        {
            await BeginAsync(unit);
        }

        await work();
        await DoneAsync(unit);
    }

    private async Task BeginAsync(string unit)
    {
        var mayGoOn = false;
        await run.AppendAsync(job => (mayGoOn = MayGoOn(job)) && StartedIn(job) is not null ? [new UnitBegun(run.Time.GetUtcNow(), key, unit)] : []);
        if (!mayGoOn)
        {
            throw new ParkedException($"{(run.Job.Pause?.Why is { Length: > 0 } why ? why : $"the job is {run.Job.State}")}; next is {unit}") { IsAtSeam = true };
        }
    }

    private Task DoneAsync(string unit) => run.AppendAsync(job =>
        StartedIn(job) is { } step && !step.Units.ContainsKey(unit) ? [new UnitDone(run.Time.GetUtcNow(), key, unit)] : []);

    private StepState? StartedIn(Job job) => job.Step(key) is { Status: StepStatus.Started } step ? step : null;

    /// <summary>As when a step begins: a way out and a node that we hold come to their end all the same (R3, R4).</summary>
    private bool MayGoOn(Job job) => !job.IsUnlocked && (Job.IsWayOut(key) || job.MayBegin(key));
}

using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobEngine
{
    internal JobPorts Ports => ports;

    /// <summary>A lease as its class and cluster want it: group and cap count for what is disruptive only (R18).</summary>
    internal LeaseTaken LeaseOf(LeaseClass? wanted, Cluster cluster, DateTimeOffset now, long epoch) => wanted == LeaseClass.Background
        ? new LeaseTaken(now, cluster.Name, epoch) { Class = wanted }
        : new LeaseTaken(now, cluster.Name, epoch) { Class = wanted ?? LeaseClass.Disruptive, Group = cluster.ExclusiveGroup, Cap = ports.MaxDisruptiveJobs };

    /// <summary>Who waits for the cluster and would begin at once: background work does not take it before that.</summary>
    internal JobId? FirstInLine(string cluster) => Runs.Select(r => r.Job).FirstOrDefault(j => j.Cluster == cluster && PausePoint.WouldBegin(j))?.Id;

    /// <summary>R18: a background job that runs gives the cluster up at its next unit; any other keeps it.</summary>
    internal async Task AskToYieldAsync(JobId holder, JobId waiting)
    {
        if (Find(holder) is not { } run)
        {
            return;
        }

        var now = ports.Time.GetUtcNow();
        try
        {
            await run.Mailbox.PostAsync(() => run.AppendAsync(job =>
                job is { Class: LeaseClass.Background, LeaseEpoch: > 0, State: JobState.Running or JobState.Holding, IsFinishing: false }
                    ? [new PauseAsked(now, Person.Bot) { Cause = PauseCause.Yield, For = waiting.Value, Why = $"job {waiting} waits for {job.Cluster}" }] : []));
        }
        catch (JobLostException)
        {
            // It is taken up anew, and then asked anew.
        }
    }

    /// <summary>R20: no node and no job starts any more, over restarts. Durable when it returns.</summary>
    /// <returns>False: it is halted already, and stays as it is.</returns>
    public async Task<bool> HaltAllAsync(Person by, string why, bool byFile, CancellationToken ct)
    {
        await ports.Fleet.LoadAsync(ports.Store, ct);
        if (ports.Fleet.IsHalted)
        {
            return false;
        }

        await ports.Fleet.AppendAsync(ports.Store, new FleetHalted(ports.Time.GetUtcNow(), by, Shortened.To(why, 300), byFile), ct);
        await PauseAllAsync();
        return true;
    }

    /// <summary>What the halt paused goes on by itself; the rest may be pressed again.</summary>
    public async Task LiftAsync(Person by, CancellationToken ct)
    {
        await ports.Fleet.AppendAsync(ports.Store, new FleetLifted(ports.Time.GetUtcNow(), by), ct);
        WakeAll();
    }

    /// <summary>The file <c>HALT</c> beside the database came or went.</summary>
    public void NoteHaltFile(bool isThere) => ports.Fleet.FileIsThere = isThere;

    /// <summary>R20: every job that runs goes to its safe point.</summary>
    private async Task PauseAllAsync()
    {
        foreach (var run in Runs.ToArray())
        {
            try
            {
                await run.Mailbox.PostAsync(() => PauseForFleetAsync(run));
            }
            catch (JobLostException)
            {
                // Whoever takes it up sees the halt.
            }
        }

        WakeAll();
    }

    /// <summary>Something above the jobs changed: they look once more, and their cards say it.</summary>
    private void WakeAll()
    {
        foreach (var run in Runs.ToArray())
        {
            run.Changed.Set();
            foreach (var reader in ports.Readers)
            {
                reader.Touched(run.Job.Id);
            }
        }
    }

    /// <summary>A lease became free somewhere.</summary>
    internal void WakeWaiting()
    {
        foreach (var run in Runs.Where(r => r.Job is { IsOpen: true, LeaseEpoch: 0 }).ToArray())
        {
            run.Changed.Set();
        }
    }

    /// <summary>A job that was let go has ended by a human's word.</summary>
    internal void ForgetStuck(JobId job)
    {
        lock (_lock)
        {
            _stuck = _stuck.Remove(job);
        }
    }

    /// <summary>A task that this bot asks for itself.</summary>
    internal string TextOf(TaskRequest request) => binder.TextOf(request) is var (text, errors) && text is not null
        ? text : throw new InvalidOperationException($"{request.Task} does not bind: {string.Join("; ", errors)}");

    /// <summary>A one-off task's text, for a job whose lease it runs under.</summary>
    internal LoadedWorkflow BindUnder(Job job, UnderAsked asked, Cluster cluster)
    {
        var values = new WorkflowValues
        {
            Cluster = cluster, JobId = job.Id.Value, Operator = asked.By.Name, Given = ImmutableSortedDictionary<string, string>.Empty,
        };
        var (loaded, errors) = binder.Bind(asked.Task, asked.Text, values);
        return loaded ?? throw new Tasks.UnrecoverableException($"it no longer binds: {string.Join("; ", errors)}");
    }

    private Task PauseForFleetAsync(JobRun run) => run.AppendAsync(job =>
        job is { State: JobState.Running or JobState.Holding, Birth.BesideEpoch: null } && StandsAbove(job.Cluster) is { } stands ? [stands] : []);

    /// <summary>What a job there stops for, whatever it is doing: a halt of everything (R20), or somebody else's footprints (R13).</summary>
    internal JobEvent? StandsAbove(string cluster) => ports.Fleet.Halt is { } halt ? FleetPause(halt) : ports.Fleet.ReadOnly(cluster) is { } found ? FoundHalt(found) : null;

    private PauseAsked FleetPause(FleetHalt halt) => new(ports.Time.GetUtcNow(), halt.By) { Cause = PauseCause.FleetHalt, Why = halt.Why };
}

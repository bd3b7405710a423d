using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R30: a job and the versions of the bot that it meets.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string Drain = "scylla-drain";
    private EngineBed _bed = new();

    [Fact]
    public void R30_a_job_stores_the_fingerprint_of_every_task_and_condition_it_has()
    {
        var id = _bed.Start();
        Assert.Equal(
            ["node-workflow", Drain, "systemd-start-service", "systemd-stop-scylla-server", "up-for-all-peers", "wait-for-conditions"],
            _bed.Job(id).Tasks!.Keys, StringComparer.Ordinal);
        Assert.All(_bed.Job(id).Tasks!, t => Assert.Equal(TaskFingerprint.Of(BedTasks.Catalog.Tasks.Concat(BedTasks.Catalog.Conditions).Single(d => d.Tag.Name == t.Key).Type), t.Value));
    }

    [Fact]
    public void R30_a_fingerprint_tells_tasks_apart_and_stays_what_it_is()
    {
        var all = BedTasks.Catalog.Tasks.Concat(BedTasks.Catalog.Conditions).Select(d => TaskFingerprint.Of(d.Type)).ToArray();
        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all, BedTasks.Catalog.Tasks.Concat(BedTasks.Catalog.Conditions).Select(d => TaskFingerprint.Of(d.Type)), StringComparer.Ordinal);
        Assert.NotEqual(TaskFingerprint.Of(typeof(First.Same)), TaskFingerprint.Of(typeof(Second.Same)));
    }

    [Fact]
    public void R30_a_pending_task_that_changed_halts_the_job_before_anything_of_it_runs_and_a_retry_agrees()
    {
        var id = WithOldDrain();
        _bed.UntilState(id, JobState.Halted);
        var halt = _bed.Job(id).Halt!;
        Assert.Equal(Job.UpgradeKey, halt.Key);
        Assert.Contains("!scylla-drain has changed", halt.Why, StringComparison.Ordinal);
        Assert.Contains("Retry goes on with the tasks of this version; abort ends the job", halt.SafeNow, StringComparison.Ordinal);
        Assert.Empty(_bed.Effects);
        Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == OutboxItems.Halt);

        // Asked once: another restart finds the halt there.
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(_bed.Events.OfType<Halted>());

        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.Until(() => _bed.Effects.Any());
        _bed.Kill();
        _bed.StartHost();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Single(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R30_a_task_that_changed_and_is_done_with_asks_nobody()
    {
        Use(BedWorkflows.OfCluster("- task: !quiesce-topology\n- task: !probe"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromMinutes(10), context.Time, ct);
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.OfType<StepStarted>().Any(s => s.Key.Path == "2"));
        _bed.Kill();
        Rewrite(id, "quiesce-topology");
        _bed.StartHost();
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R30_a_waiting_job_that_no_longer_binds_tells_its_operator_once()
    {
        var id = _bed.Start();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            _bed.Kill();
            Assert.Equal(id, Assert.Single(_bed.StartHost(c => c with { Nodes = [.. c.Nodes.Where(n => n.Name != "b1")] })).Job);
        }

        Assert.Single(_bed.Stored(s => s.PendingOutboxAsync(1000, default)), r => r.Kind == OutboxItems.Stuck);
        Assert.Equal(JobState.Waiting, _bed.Job(id).State);
    }

    /// <summary>SCYLLABOT_WRITE_FIXTURE=1 writes the fixture anew; only ever when a version before it could not have written it.</summary>
    [Fact]
    public void R30_a_journal_that_an_earlier_version_stored_is_taken_up_and_finished()
    {
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_FIXTURE") == "1")
        {
            File.WriteAllLines(FixturePath(), Recorded());
        }

        var lines = File.ReadAllLines(FixturePath()).Select(l => l.Split(' ', 3)).ToArray();
        var events = lines.Select(l => (JobEvent)JournalCodec.Read(new WrittenEvent(l[0], int.Parse(l[1], System.Globalization.CultureInfo.InvariantCulture), l[2]))).ToImmutableArray();
        var id = new JobId("01KG3DVQ8PAAAA");
        Assert.IsType<AppendOutcome.Appended>(_bed.Stored(s => s.AppendAsync(StreamId.Of(id), 0, 0, [.. events], [], default)));
        _bed.Pass(TimeSpan.FromHours(1));
        Assert.Empty(_bed.StartHost());
        Assert.Equal(JobState.Paused, _bed.Job(id).State);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        if (_bed.Job(id).State == JobState.Halted)
        {
            // Tasks may have changed since; then somebody is asked, and agrees.
            Assert.Equal(Job.UpgradeKey, _bed.Job(id).Halt!.Key);
            Yes(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
            _bed.UntilState(id, JobState.Ended);
        }

        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["b2", "c1", "d1"], _bed.Effects.Where(e => e.Kind == "drain").Select(e => e.Node), StringComparer.Ordinal);
    }

    [Fact]
    public void R30_a_skip_does_not_agree_to_other_tasks()
    {
        var id = WithOldDrain();
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains("stays halted", Assert.IsType<Outcome.Done>(_bed.Press(c => c.SkipAsync(Jon, id, "c1", default))).Message, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal((JobState.Halted, true), (_bed.Job(id).State, _bed.Job(id).AgreedTasks is null));
        Assert.Empty(_bed.Effects);
    }

    public void Dispose() => _bed.Dispose();

    private static IEnumerable<string> Recorded()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.Until(() => bed.Job(id).Held.Count > 0);
        Yes(bed.Press(c => c.PauseAsync(Mara, id, default)));
        bed.UntilState(id, JobState.Paused);
        return bed.Stored(s => s.ReadAsync(StreamId.Of(id), 0, default)).Select(e => JournalCodec.Write(e.Event)).Select(w => $"{w.Kind} {w.Version} {w.Json}").ToArray();
    }

    private static string FixturePath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "resume.v1.txt");

    /// <summary>A job that was approved and began under a version with another drain.</summary>
    private JobId WithOldDrain()
    {
        var id = _bed.Start();
        _bed.Kill();
        Rewrite(id, Drain);
        _bed.StartHost();
        Yes(_bed.Approve(id));
        return id;
    }

    private void Rewrite(JobId id, string tag)
    {
        var before = _bed.Stored(s => s.ReadAsync(StreamId.Of(id), 0, default)).Select(e => (JobEvent)e.Event).ToImmutableArray();
        var birth = (Created)before[0];
        _bed.Store.Replace(id, before.SetItem(0, birth with { Tasks = birth.Tasks!.SetItem(tag, "0123456789abcdef") }));
    }

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }

    private static class First
    {
        [Tag("same", "Same", Direction.Neutral, Risk.Low, Interruptible.Yes)]
        public sealed record Same;
    }

    private static class Second
    {
        [Tag("same", "Same", Direction.Neutral, Risk.Low, Interruptible.Yes, Version = 2)]
        public sealed record Same;
    }
}

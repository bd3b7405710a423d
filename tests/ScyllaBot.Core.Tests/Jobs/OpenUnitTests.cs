using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R5, R18: a unit of a repair that began and has not ended, as far as anybody knows: its job neither stops nor gives the cluster away.</summary>
public sealed class OpenUnitTests : IDisposable
{
    private const string Whole = "- task: !repair\n  timeout_seconds: 86400";

    private EngineBed _bed = new(1, BedWorkflows.OfCluster(Whole));

    /// <summary>Whose repairs seem to run on and on.</summary>
    private string? _slow;

    [Theory]
    [InlineData("- task: !probe", "batches: [1]\nbetween_batches:\n  - task: !repair\n    timeout_seconds: 86400", "1.b1.1", "b2")]
    [InlineData("- task: !probe", "before_last_node:\n  - task: !repair\n    timeout_seconds: 86400", "1.l.1", "b2")]
    [InlineData("- task: !repair\n    mode: vnodes\n  timeout_seconds: 86400", "", "1.1", "b1")]
    public void R18_wherever_in_a_workflow_a_unit_is_open_after_a_crash_an_abort_and_a_pause_wait_for_its_end(string nodeTasks, string more, string path, string node)
    {
        foreach (var isAbort in new[] { true, false })
        {
            Use(new EngineBed(1, BedWorkflows.Own(nodeTasks, more)));
            var id = UnitOf(node);
            var key = Assert.Single(_bed.Job(id).Steps.Values, s => s.Unit is not null).Key;
            Assert.Equal(path, key.Path);
            Crash(id, c => isAbort ? c.AbortAsync(Mara, id, now: false, default) : c.PauseAsync(Mara, id, default));
            WaitsForTheUnit(id, isAbort ? JobState.Aborting : JobState.Pausing);
            _bed.UntilState(id, isAbort ? JobState.Ended : JobState.Paused);
            Assert.Null(_bed.Job(id).Step(key)!.Unit);
            Assert.Single(Done(id), u => u.Unit.EndsWith($"on {node}", StringComparison.Ordinal) && u.At > _bed.Events.OfType<HostResumed>().Last().At);
        }
    }

    [Fact]
    public void R5_a_node_that_is_not_in_order_does_not_cut_the_unit_that_another_process_began()
    {
        var id = UnitOf("b2");
        _bed.Pass(TimeSpan.FromMinutes(10));
        _bed.Ports.Fate = call => call is { Node: "d1", IsHttp: true } ? Loss.Before : Loss.None;
        Crash(id, c => c.AbortAsync(Mara, id, now: false, default));
        WaitsForTheUnit(id, JobState.Aborting);
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R5_an_abort_follows_a_unit_whose_end_nobody_knows_and_abort_now_gives_it_up()
    {
        foreach (var isNow in new[] { false, true })
        {
            Use(new EngineBed(1, BedWorkflows.OfCluster(Whole)));
            var id = UnitOf("b2");
            Deafen();
            _bed.UntilState(id, JobState.Halted);
            Assert.Contains("not to be followed", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
            Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
            _bed.Pass(TimeSpan.FromHours(2));
            Assert.Equal(JobState.Aborting, _bed.Job(id).State);
            if (isNow)
            {
                Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
            }
            else
            {
                _bed.Ports.Fate = _ => Loss.None;
                WaitsForTheUnit(id, JobState.Aborting);
            }

            _bed.UntilState(id, JobState.Ended);
            Assert.Equal(isNow ? 0 : 1, Done(id).Count(u => u.Unit.EndsWith("discord on b2", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void R18_a_unit_whose_end_nobody_knows_gives_the_cluster_to_nobody_while_it_is_tried_again()
    {
        Use(new EngineBed(1, BedWorkflows.OfCluster($"{Whole}\n  retries: 3\n  retry_delay_seconds: 600") with
        {
            Workflows = [.. BedWorkflows.OfCluster($"{Whole}\n  retries: 3\n  retry_delay_seconds: 600").Workflows, .. BedWorkflows.All],
        }));
        var id = UnitOf("b2");
        Deafen();
        _bed.Until(() => _bed.Events.OfType<StepFailed>().Any());
        _bed.Ports.Fate = _ => Loss.None;
        var restart = _bed.Run(Request("request-2"));
        WaitsForTheUnit(id, JobState.Pausing);
        _bed.UntilState(restart, JobState.Ended);
        var done = _bed.Events.ToList().FindIndex(e => e is UnitDone u && u.Unit.EndsWith("discord on b2", StringComparison.Ordinal));
        var held = _bed.Events.ToList().FindIndex(e => e is NodeHeld);
        Assert.True(done < held && done > 0, string.Join('\n', _bed.Events.Select(e => $"{e}"[..Math.Min(200, $"{e}".Length)])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void R5_a_unit_that_is_known_to_have_failed_or_was_refused_keeps_nobody(bool isRefused)
    {
        _bed.Ports.Restate = (call, status) => isRefused && call is { Node: "b2", Changes: true } ? 400 : status;
        var id = UnitOf("b2");
        _slow = null;
        _bed.World.Agenda.Run(() => _bed.Sim("b2").Repairs.Terminate(Cause.Nobody));
        _bed.UntilState(id, JobState.Halted);
        Assert.Null(_bed.Job(id).Step(new StepKey("1", null))!.Unit);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _bed.Until(() => _bed.Job(id).State == JobState.Ended, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("[\"aaa\",")]
    [InlineData("-discord")]
    public void R18_the_open_unit_comes_before_new_ones_and_is_waited_for_when_it_is_no_unit_any_more(string keyspaces)
    {
        var id = UnitOf("b2");
        _bed.Ports.Rewrite = (call, body) => !call.What.EndsWith("/storage_service/keyspaces", StringComparison.Ordinal) || !body.Contains("discord", StringComparison.Ordinal) ? Slowly(call, body)
            : keyspaces[0] == '-' ? body.Replace("\"discord\",", "", StringComparison.Ordinal).Replace(",\"discord\"", "", StringComparison.Ordinal)
            : body.Replace("[", keyspaces, StringComparison.Ordinal);
        Crash(id, c => c.AbortAsync(Mara, id, now: false, default));
        WaitsForTheUnit(id, JobState.Aborting);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(keyspaces[0] == '-' ? 0 : 1, Done(id).Count(u => u.Unit.EndsWith("discord on b2", StringComparison.Ordinal)));
    }

    [Fact]
    public void R30_a_unit_is_not_taken_up_by_a_task_that_nobody_has_agreed_to()
    {
        var id = UnitOf("b2");
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _bed.Kill();
        var journal = _bed.Stored(s => s.ReadAsync(StreamId.Of(id), 0, default)).Select(e => (JobEvent)e.Event).ToImmutableArray();
        var birth = (Created)journal[0];
        _bed.Store.Replace(id, journal.SetItem(0, birth with { Tasks = birth.Tasks!.SetItem("repair", "0123456789abcdef") }));
        var begun = _bed.Events.OfType<StepStarted>().Count();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(begun, _bed.Events.OfType<StepStarted>().Count());
    }

    [Fact]
    public void R19_what_was_done_before_a_handback_is_done_again()
    {
        var id = UnitOf("c1");
        _slow = null;
        Yes(_bed.Press(c => c.TakeOverAsync(Mara, id.Value, "by hand", default)));
        _bed.Until(() => _bed.Job(id).Pause is { IsHandsOff: true });
        Assert.NotEmpty(_bed.Job(id).Step(new StepKey("1", null))!.Units);
        Yes(_bed.Press(c => c.HandBackAsync(Mara, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Done, default)));
        Assert.DoesNotContain(_bed.Job(id).Step(new StepKey("1", null))!.Units.Keys, u => u.Contains(" on ", StringComparison.Ordinal));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Effects.Count(e => e is { Kind: "repair", Node: "b1" }));
    }

    [Fact]
    public void A_repair_of_somebody_else_that_failed_before_a_unit_began_is_none_of_its_failures()
    {
        var id = _bed.Start(Own());
        ApproveIfAsked(id);
        _bed.Until(() => Repairing("b1"));
        _bed.World.Agenda.Run(() =>
        {
            _bed.Sim("c1").Repairs.Start(_bed.World.Clusters[0].Keyspaces.First(k => k.Name == "discord"), Cause.Nobody);
            _bed.Sim("c1").Repairs.Terminate(Cause.Nobody);
        });
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        Assert.Equal(JobState.Ended, _bed.Job(id).State);
    }

    [Fact]
    public void One_node_that_tells_another_ring_makes_no_ring_of_its_own()
    {
        var id = UnitOf("c1");
        _slow = null;
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        _bed.Ports.Rewrite = (call, body) => call is { Node: "d1", What: "GET /storage_service/host_id" }
            ? body.Replace("[", $"[{{\"key\":\"10.0.0.99\",\"value\":\"{new Guid(7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7)}\"}},", StringComparison.Ordinal) : body;
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromMinutes(10));
        _bed.Ports.Rewrite = (_, body) => body;
        if (_bed.Job(id).State == JobState.Halted)
        {
            Yes(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        }

        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(2, _bed.Effects.Count(e => e is { Kind: "repair", Node: "b1" }));
    }

    public void Dispose() => _bed.Dispose();

    private bool Repairing(string node) => _bed.Sim(node).Repairs.Active.Any();

    private UnitDone[] Done(JobId id) => [.. _bed.Stored(s => s.ReadAsync(StreamId.Of(id), 0, default)).Select(e => e.Event).OfType<UnitDone>()];

    private string Slowly(Call call, string body) => call.Node != _slow ? body
        : call.What.StartsWith("GET /storage_service/repair_async/discord", StringComparison.Ordinal) ? "\"RUNNING\""
        : call.What.Contains("/active_repair", StringComparison.Ordinal) ? "[1]"
        : call.What.EndsWith("/list_module_tasks/repair", StringComparison.Ordinal) ? body.Replace("\"done\"", "\"running\"", StringComparison.Ordinal)
        : body;

    /// <summary>The job follows its unit of that node, which will not end before it is told to.</summary>
    private JobId UnitOf(string node)
    {
        _slow = node;
        _bed.Ports.Rewrite = Slowly;
        var id = _bed.Start(Own());
        ApproveIfAsked(id);
        _bed.Until(() => Repairing(node));
        return id;
    }

    private void ApproveIfAsked(JobId id)
    {
        if (_bed.Job(id).Approvals.ContainsKey(Approvals.Start))
        {
            Yes(_bed.Approve(id));
        }
    }

    /// <summary>The bot dies right after somebody pressed something.</summary>
    private void Crash(JobId id, Func<IJobControl, Task<Outcome>> press)
    {
        Yes(_bed.Press(press));
        _bed.Kill();
        _bed.StartHost();
        Assert.Contains(_bed.Job(id).Steps.Values, s => s.Unit is not null);
    }

    private void Deafen() => _bed.Ports.Fate = call => call.What.StartsWith("GET /storage_service/repair_async", StringComparison.Ordinal) ? Loss.Before : Loss.None;

    private void WaitsForTheUnit(JobId id, JobState state)
    {
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal((state, true), (_bed.Job(id).State, _bed.Job(id).LeaseEpoch > 0));
        _slow = null;
    }

    private void Use(EngineBed bed)
    {
        _bed.Dispose();
        _bed = bed;
    }
}

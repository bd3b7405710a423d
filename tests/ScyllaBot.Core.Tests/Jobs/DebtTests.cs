using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What operations leave owing: on record before the effect, paid by whoever can, never forgotten.</summary>
public sealed class DebtTests : IDisposable
{
    private const string Owes = "- task: !probe\n    does: owe\n- task: !probe";
    private EngineBed _bed = new();

    private DebtKeeper Keeper => new(_bed.Store, _bed.Control, _bed.Time, sandbox: true, NullLogger<DebtKeeper>.Instance);

    [Fact]
    public void A_job_that_owes_something_heavy_halts_at_its_end_and_pays_it_when_somebody_says_go_on()
    {
        var paid = Use(Owes, Heavy());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(Job.DebtsKey, _bed.Job(id).Halt!.Key);
        Assert.Contains("the ring wants a repair; paid by cluster-task probe does=pay", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Contains("the ring wants a repair", Rows(id, OutboxItems.Halt).Single().Payload, StringComparison.Ordinal);
        Assert.Equal(0, paid());

        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal((JobOutcome.Succeeded, 1), (_bed.Job(id).End!.Outcome, paid()));
        Assert.Empty(Open());
        Assert.Single(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void An_aborted_job_ends_and_what_it_owes_stays_and_is_listed()
    {
        var paid = Use(Owes, Heavy());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal((JobOutcome.Aborted, 0), (_bed.Job(id).End!.Outcome, paid()));
        Assert.Equal("the ring wants a repair", Assert.Single(Open()).What);
        Assert.Contains("the ring wants a repair", Rows(id, OutboxItems.End).Single().Payload, StringComparison.Ordinal);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);

        // A plan on that cluster says so; a later job's step pays it, whoever opened it.
        Assert.Contains(_bed.Plan(Own() with { RequestId = "later" }).Debts, d => d.StartsWith("owed now: repair: the ring wants a repair", StringComparison.Ordinal));
        _bed.Ports.ProbeAsync = (does, context, ct) => does == "owe" ? context.Debts.PayAsync(DebtKind.Repair, null, ct) : Task.CompletedTask;
        var later = _bed.Start(Own() with { RequestId = "later" });
        _bed.UntilState(later, JobState.Ended);
        Assert.Empty(Open());
        Assert.Equal($"job {later}", _bed.Stored(s => s.DebtsAsync(new DebtFilter(OpenOnly: false), default)).Single().Payment!.By);
    }

    [Fact]
    public void What_is_quick_and_harmless_the_job_pays_itself_before_it_ends()
    {
        var paid = Use(Owes, Quick());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal((JobOutcome.Succeeded, 1), (_bed.Job(id).End!.Outcome, paid()));
        Assert.Empty(Open());
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void No_crash_loses_a_debt_and_no_restart_doubles_it()
    {
        for (var at = 1; at <= 14; at++)
        {
            var paid = Use(Owes, Quick(), () => Assert.Single(Open()));
            var plan = _bed.Plan(Own());
            _bed.Store.DiesAt = at;
            if (!_bed.TryDo(() => _bed.Control.StartAsync(Mara, plan, default), out _) || !_bed.TryUntil(Ended, TimeSpan.FromMinutes(30)))
            {
                _bed.StartHost();
            }

            _bed.Until(Ended);
            Assert.Empty(Open());
            Assert.Single(_bed.Events.OfType<DebtOpened>());
            Assert.Single(_bed.Events.OfType<DebtPaid>());
            Assert.InRange(paid(), 1, 2);
        }

        bool Ended() => _bed.Events.OfType<Ended>().Any();
    }

    [Fact]
    public void A_step_alone_leaves_what_it_owes_on_purpose()
    {
        Use("- task: !probe\n    does: owe", Quick());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(DebtNature.Kept, Assert.Single(Open()).Nature);
        Look();
        Assert.Single(_bed.Stored(s => s.ListJobsAsync(new JobFilter(), default)));
    }

    [Fact]
    public void A_decommission_is_refused_while_cleanup_is_owed_and_the_plan_says_so()
    {
        Use("- task: !probe\n    does: owe", new Owing(
            DebtKind.Cleanup, "c1", "c1 holds rows of a node that joined", TimeSpan.FromDays(7), DebtUndo.Of("cleanup", "c1", byItself: false)), top: true);
        _bed.UntilState(_bed.Start(Own()), JobState.Ended);

        var plan = Assert.IsType<PlanOutcome.Ready>(_bed.Do(() => _bed.Control.PlanAsync(Mara, Leave(), default))).Plan;
        Assert.Contains(plan.Concerns, c => c.StartsWith("cleanup is owed: c1 holds rows of a node that joined", StringComparison.Ordinal));
        var id = Yes(_bed.Do(c => c.StartAsync(Mara, plan, default)));
        Yes(_bed.Approve(id));
        _bed.UntilState(id, JobState.Halted);
        Assert.StartsWith("cleanup is owed: c1", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(_bed.Effects, e => e.Kind == "decommission");

        // By hand, with a reason: then it is no reason to refuse any more.
        var debt = Open().Single().Id;
        Assert.Contains("operator right", NotYou(_bed.Press(c => c.PayDebtAsync(Reader, debt, "done", default))), StringComparison.Ordinal);
        Assert.Contains("reason", No(_bed.Press(c => c.PayDebtAsync(Operator, debt, " ", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.PayDebtAsync(Operator, debt, "cleaned up by hand", default)));
        Assert.Contains("paid already", NotNow(_bed.Press(c => c.PayDebtAsync(Operator, debt, "again", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.Until(() => _bed.Job(id).State is JobState.Ended || (_bed.Job(id).State is JobState.Halted && _bed.Events.OfType<Halted>().Count() > 1));
        Assert.DoesNotContain("cleanup is owed", _bed.Job(id).Halt?.Why ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspended_Manager_that_an_aborted_job_could_not_resume_is_resumed_later_by_the_bot()
    {
        Use("- task: !manager-suspend\n- task: !probe", null, "always:\n  - task: !manager-resume");
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromHours(1), context.Time, ct);
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.OfType<StepStarted>().Any(s => s.Key.Path == "2"));
        Assert.Equal(DebtKind.ManagerSuspended, Assert.Single(Open()).Kind);

        var isAway = true;
        _bed.Ports.Fate = call => call.Node == "manager" && isAway ? Loss.Before : Loss.None;
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Single(Open());

        // Still away: the bot's own job fails, is ended, and leaves the cluster free.
        Look();
        var first = Latest(id);
        _bed.UntilState(first, JobState.Halted);
        Look();
        _bed.UntilState(first, JobState.Ended);
        Assert.Single(Open());

        isAway = false;
        _bed.Pass(TimeSpan.FromMinutes(20));
        Look();
        _bed.UntilState(Latest(id), JobState.Ended);
        Assert.Empty(Open());
        Assert.Contains(_bed.Log, l => l.Text.StartsWith("Resumed; it was suspended by job", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_step_under_always_left_is_paid_once_its_one_off_ended_well_and_is_not_done_again()
    {
        var paid = Use(Owes, new Owing(
            DebtKind.Always, "a1", "a step at the end did not pass", TimeSpan.FromDays(1), DebtUndo.Of("probe", null, byItself: true, ("does", "pay"))));
        var isAway = true;
        var count = _bed.Ports.ProbeAsync;
        _bed.Ports.ProbeAsync = (does, context, ct) => does == "pay" && isAway ? throw new UnrecoverableException("away") : count(does, context, ct);
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Look();
        var first = Latest(id);
        _bed.UntilState(first, JobState.Halted);
        Look();
        _bed.UntilState(first, JobState.Ended);
        Look();
        Assert.Single(Open());

        isAway = false;
        _bed.Pass(TimeSpan.FromMinutes(20));
        Look();
        var second = Latest(id);
        _bed.UntilState(second, JobState.Ended);
        Look();
        Assert.Empty(Open());
        Assert.Contains($"job {second}", _bed.Stored(s => s.DebtsAsync(new DebtFilter(OpenOnly: false), default)).Single().Payment!.Why, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromDays(1));
        Look();
        Assert.Equal((second, 1), (Latest(id), paid()));
    }

    [Fact]
    public void What_another_job_paid_meanwhile_keeps_nobody_from_ending()
    {
        var paid = Use(Owes, Heavy());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        var debt = Open().Single();
        _bed.Stored(s => s.AppendAsync(StreamId.Bot, -1, 0, [new DebtSettled(_bed.Time.GetUtcNow(), debt.Id, debt.Cluster, Jon.Person, "repaired by another job")], [], default));
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal((JobOutcome.Succeeded, 0), (_bed.Job(id).End!.Outcome, paid()));
    }

    [Fact]
    public void R21_on_production_only_an_approver_marks_a_debt_as_paid_and_not_that_of_a_job_of_their_own()
    {
        Use(Owes, Heavy(), ClusterEnvironment.Production);
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains("approver", NotYou(Pay(Operator)), StringComparison.Ordinal);
        Assert.Contains("own job", NotYou(Pay(Mara)), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Contains("approver", NotYou(Pay(Operator)), StringComparison.Ordinal);
        Assert.Contains("own job", NotYou(Pay(Mara)), StringComparison.Ordinal);
        Assert.Single(Open());
        Yes(Pay(Jon));
        Assert.Empty(Open());

        Outcome Pay(Actor by) => _bed.Press(c => c.PayDebtAsync(by, Open().Single().Id, "repaired by hand", default));
    }

    [Fact]
    public void An_overdue_debt_calls_the_on_call_once_and_one_that_goes_by_itself_never()
    {
        Use(Owes, Heavy());
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        _bed.Pass(TimeSpan.FromDays(8));
        Look();
        Look();
        var row = Assert.Single(_bed.Stored(s => s.PendingOutboxAsync(1000, default)), r => r.Kind == OutboxItems.Debt);
        Assert.Equal("on-call", Assert.Single(NoticeJson.Read(row.Payload).Mentions.Roles));
        Assert.Equal("ops", row.Channel);

        Use(Owes, new Owing(DebtKind.Silence, "b1", "b1 is silenced", TimeSpan.FromMinutes(15), DebtUndo.Of("probe", null, byItself: true), DebtNature.Lapses));
        _bed.UntilState(_bed.Start(Own()), JobState.Ended);
        Assert.Single(Open());
        _bed.Pass(TimeSpan.FromMinutes(20));
        Look();
        Assert.Empty(Open());
        Assert.DoesNotContain(_bed.Stored(s => s.PendingOutboxAsync(1000, default)), r => r.Kind == OutboxItems.Debt);
    }

    [Fact]
    public void Balancing_that_was_switched_off_goes_back_before_the_job_ends()
    {
        Use("- task: !tablet-balancing\n    set: off\n- task: !probe", null, "always:\n  - task: !tablet-balancing\n      set: as_found");
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        var opened = Assert.Single(_bed.Events.OfType<DebtOpened>());
        Assert.Equal((DebtKind.TabletBalancing, "set=on"), (opened.Kind, string.Join(',', opened.Undo.Inputs.Select(i => $"{i.Key}={i.Value}"))));
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Empty(Open());
    }

    public void Dispose() => _bed.Dispose();

    private static RunRequest Leave() => Request("leave", "leave", new Target.Named(["b2"]));

    private static Owing Heavy() =>
        new(DebtKind.Repair, "b1", "the ring wants a repair", TimeSpan.FromDays(7), DebtUndo.Of("probe", null, byItself: false, ("does", "pay")));

    private static Owing Quick() =>
        new(DebtKind.ManagerSuspended, "", "something is suspended", TimeSpan.FromDays(1), DebtUndo.Of("probe", null, byItself: true, ("does", "pay")));

    /// <returns>How often it was paid.</returns>
    private Func<int> Use(string tasks, Owing? owing, Action? afterOpened = null) => Use(tasks, owing, "", afterOpened);

    private Func<int> Use(string tasks, Owing? owing, bool top) => Use(tasks, owing, "", null, top);

    private Func<int> Use(string tasks, Owing? owing, ClusterEnvironment environment) => Use(tasks, owing, "", null, environment: environment);

    private Func<int> Use(
        string tasks, Owing? owing, string always, Action? afterOpened = null, bool withLeave = false, ClusterEnvironment environment = ClusterEnvironment.Sandbox)
    {
        _bed.Dispose();
        var options = BedWorkflows.OfCluster(tasks, always) with { Environment = environment };
        _bed = new EngineBed(options: withLeave
            ? options with { Workflows = [.. options.Workflows, ("leave.yaml", "name: Leave\ncluster_tasks:\n  - task: !node-workflow\n      name: Nodes\n      node_tasks:\n        - task: !decommission\n            cleanup_done: true\n            max_disk_percent: 0\n")] }
            : options);
        var paid = 0;
        _bed.Ports.ProbeAsync = async (does, context, ct) =>
        {
            if (does == "owe")
            {
                await context.Debts.OpenAsync(owing!, ct);
                afterOpened?.Invoke();
            }

            paid += does == "pay" ? 1 : 0;
        };
        return () => paid;
    }

    private void Look() => _bed.Do(async () =>
    {
        await (_keeper.Bed == _bed ? _keeper.Keeper! : (_keeper = (_bed, Keeper)).Keeper!).LookAsync(default);
        return true;
    });

    private (EngineBed? Bed, DebtKeeper? Keeper) _keeper;

    private JobId Latest(JobId but) => _bed.Stored(s => s.ListJobsAsync(new JobFilter(Limit: 1), default)) is [{ Id: var id }] && id != but
        ? id : throw new InvalidOperationException(_bed.Describe());

    private ImmutableArray<Debt> Open() => _bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default));

    private OutboxRow[] Rows(JobId id, string kind) => [.. _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == kind)];
}

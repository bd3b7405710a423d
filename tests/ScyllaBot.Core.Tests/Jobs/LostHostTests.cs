using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R13: a host with an empty or an older database finds what the lost one left, and keeps its hands off until a human has spoken.</summary>
public sealed class LostHostTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R13_an_empty_database_is_read_only_and_says_what_it_found_where_until_a_human_acknowledges()
    {
        var lost = LoseHostWhile("c1");
        _bed.Store.Restore(new InMemoryJobStore());
        _bed.StartHost();
        var effects = _bed.Effects.Count();

        var plan = _bed.Plan(Request("request-2", target: new Target.Named(["d1"])));
        Assert.Contains("read-only", plan.Concerns[0], StringComparison.Ordinal);
        var said = No(_bed.Press(c => c.StartAsync(Mara, plan, default)));
        Assert.Contains("lease epoch 1 on b1, b2, c1 (this database: 0)\nScylla does not run on c1 (inactive)", said, StringComparison.Ordinal);
        Assert.Contains($"b1: last systemctl-stop-scp_rescue_{lost}_timer of job {lost}, step 1.3 at", said, StringComparison.Ordinal);
        Assert.Contains("/scp unlock cluster:mini", said, StringComparison.Ordinal);
        Assert.Equal(said, No(_bed.Press(c => c.TakeOverAsync(Mara, BedClusters.Name, "by hand", default))));
        Assert.Equal(said, No(_bed.Press(c => c.StartAsync(Mara, Task("request-3", "scylla-drain", "d1"), default))));
        Assert.Equal(effects, _bed.Effects.Count());

        // R4: whoever is down is brought up all the same.
        Yes(_bed.Press(c => c.StartAsync(Mara, Task("request-4", "systemd-start-service", "c1", ("service", "scylla-server")), default)));
        _bed.Until(() => _bed.Sim("c1").Serves && _bed.Stored(s => s.ListJobsAsync(new JobFilter(OpenOnly: true), default)).IsEmpty);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default)));

        // Over a restart it is the same, although nobody could be asked any more.
        _bed.Kill();
        _bed.StartHost();
        _bed.Ports.Fate = call => call.What.StartsWith("footprints", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Assert.Equal(said, No(_bed.Press(c => c.StartAsync(Mara, plan, default))));
        _bed.Ports.Fate = _ => Loss.None;

        Assert.Contains("reason", No(_bed.Press(c => c.UnlockClusterAsync(Jon, BedClusters.Name, " ", default))), StringComparison.Ordinal);
        Assert.Contains("No cluster", No(_bed.Press(c => c.UnlockClusterAsync(Jon, "minj", "x", default))), StringComparison.Ordinal);
        _bed.AcknowledgeTraces();
        Assert.Equal((101L, (JobId?)null), (LeaseNow().Epoch, LeaseNow().Job));
        Assert.All(_bed.Cluster.Nodes, n => Assert.Equal(101, Left(n).Epoch));

        // What the lost one had done is not done again: one node is left.
        Finish(_bed.Run(Request("request-5", target: new Target.Named(["d1"]))));
        OnceEach("b1", "b2", "c1", "d1");
    }

    [Fact]
    public void R13_jobs_of_an_older_database_halt_with_one_call_and_go_on_when_a_human_has_said_what_became_of_each_node()
    {
        InMemoryJobStore? older = null;
        var id = LoseHostWhile("c1", before: () => older = _bed.Store.Inner.Copy());
        _bed.Store.Restore(older!);
        var stuck = _bed.StartHost();
        Assert.Equal(id, Assert.Single(stuck).Job);
        Assert.Equal(JobState.Halted, _bed.Job(id).State);
        var effects = _bed.Effects.Count();
        foreach (var verb in new Func<IJobControl, Task<Outcome>>[]
        {
            c => c.RetryAsync(Mara, id, false, default), c => c.ResumeAsync(Mara, id, default), c => c.RestoreAsync(Mara, id, null, default), c => c.TakeOverAsync(Mara, BedClusters.Name, "x", default),
        })
        {
            Assert.Contains("read-only", No(_bed.Press(verb)), StringComparison.Ordinal);
        }

        // Another start calls nobody again.
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal(1, Rings(id));
        Assert.Equal(effects, _bed.Effects.Count());

        Yes(_bed.Press(c => c.StartAsync(Mara, Task("request-4", "systemd-start-service", "c1", ("service", "scylla-server")), default)));
        _bed.Until(() => _bed.Sim("c1").Serves);
        _bed.Pass(TimeSpan.FromMinutes(1));
        _bed.AcknowledgeTraces();
        Assert.Equal((JobState.Paused, true), (_bed.Job(id).State, _bed.Job(id).IsUnlocked));
        Assert.Equal(101, LeaseNow().Epoch);

        var choices = ImmutableSortedDictionary<string, string>.Empty.Add("b1", "done").Add("b2", "done").Add("c1", "done").Add("d1", "redo");
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, choices, null, default)));
        Finish(id);
        Assert.Equal(102, _bed.Events.OfType<LeaseTaken>().Last().Epoch);
        OnceEach("b1", "b2", "c1", "d1");
        Assert.Single(_bed.History.OfType<FootprintsAcknowledged>());
    }

    [Fact]
    public void R13_a_host_that_dies_at_any_append_of_an_acknowledgement_is_asked_again_and_nothing_is_lost()
    {
        for (var dies = 1; dies <= 3; dies++)
        {
            Use(new EngineBed(dies));
            InMemoryJobStore? older = null;
            var id = LoseHostWhile("c1", before: () => older = _bed.Store.Inner.Copy());
            _bed.Store.Restore(older!);
            _bed.StartHost();
            _bed.Store.DiesAt = _bed.Store.Appends + dies;
            if (_bed.TryDo(() => _bed.Control.UnlockClusterAsync(Jon, BedClusters.Name, "burned", default), out _))
            {
                throw new InvalidOperationException($"there is no append {dies}");
            }

            _bed.StartHost();
            var isReadOnly = No(_bed.Press(c => c.RetryAsync(Mara, id, false, default))).Contains("read-only", StringComparison.Ordinal);
            Assert.Equal(dies == 1, isReadOnly);
            if (isReadOnly)
            {
                _bed.AcknowledgeTraces();
            }

            Assert.True(_bed.Job(id).IsUnlocked);
            Assert.Equal((null, isReadOnly ? 201 : 101), (LeaseNow().Job, LeaseNow().Epoch));
            Yes(_bed.Press(c => c.AbortAsync(Mara, id, false, default)));
            Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        }
    }

    [Fact]
    public void R13_a_copy_that_lacks_a_whole_job_is_found_by_the_epoch_and_so_is_one_that_lacks_its_end()
    {
        var first = _bed.Run();
        InMemoryJobStore? during = null;
        _bed.Until(() => _bed.Job(first).HasPassed(new StepKey("1.2", "b1")));
        during = _bed.Store.Inner.Copy();
        _bed.UntilState(first, JobState.Ended);
        var after = _bed.Store.Inner.Copy();
        Finish(_bed.Run(Request("request-2")));
        _bed.Kill();

        _bed.Store.Restore(after);
        Assert.Empty(_bed.StartHost());
        Assert.Contains("lease epoch 2 on b1, b2, c1, d1 (this database: 1)", Refusal("request-3"), StringComparison.Ordinal);

        _bed.Kill();
        _bed.Store.Restore(during);
        Assert.Equal(first, Assert.Single(_bed.StartHost()).Job);
    }

    [Fact]
    public void R13_the_database_that_did_it_all_finds_nothing_after_any_restart()
    {
        var id = _bed.Run();
        for (var i = 0; _bed.Job(id).IsOpen; i++)
        {
            _bed.TryUntil(() => !_bed.Job(id).IsOpen, TimeSpan.FromSeconds(7 + i));
            _bed.Kill();
            Assert.Empty(_bed.StartHost());
        }

        Finish(_bed.Run(Request("request-2")));
        Assert.Empty(_bed.History.OfType<FootprintsFound>());
        Assert.Contains("nothing to acknowledge", No(_bed.Press(c => c.UnlockClusterAsync(Jon, BedClusters.Name, "x", default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R13_on_production_a_database_that_never_had_the_cluster_needs_an_answer_of_every_member()
    {
        Use(new EngineBed(options: new BedOptions { Environment = ClusterEnvironment.Production }));
        _bed.Ports.Fate = call => call.Node == "d1" && call.What.StartsWith("footprints", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Assert.Contains("can not be told (R13): d1:", Refusal("request-1"), StringComparison.Ordinal);

        _bed.Ports.Fate = _ => Loss.None;
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        _bed.Kill();
        _bed.StartHost();

        // It has had it: a member that can not be asked is what many a job is about.
        _bed.Ports.Fate = call => call.Node == "d1" && call.What.StartsWith("footprints", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Finish(_bed.Run(Request("request-2", target: new Target.Named(["b1"]))));
        _bed.Kill();
        _bed.StartHost();
        _bed.Ports.Fate = call => call.What.StartsWith("footprints", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Assert.Contains("No member tells", Refusal("request-3"), StringComparison.Ordinal);
        Yes(_bed.Do(c => c.UnlockClusterAsync(Jon, BedClusters.Name, "nobody else works there", default)));
        Assert.Contains("No member tells", Refusal("request-4"), StringComparison.Ordinal);
    }

    [Fact]
    public void R13_elsewhere_a_node_with_an_older_program_keeps_nobody_from_the_cluster()
    {
        _bed.Ports.Fate = call => call.Node == "d1" && call.What.StartsWith("footprints", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        Finish(_bed.Run());
    }

    [Fact]
    public void R13_one_look_serves_a_process_and_is_renewed_for_a_job_that_begins_much_later()
    {
        var looks = 0;
        _bed.Ports.Saw = call => looks += call.What.StartsWith("footprints", StringComparison.Ordinal) ? 1 : 0;
        Finish(_bed.Run());
        Assert.Equal(4, looks);
        _bed.Pass(TimeSpan.FromMinutes(11));
        _bed.Plan(Request("request-2"));
        _bed.Plan(Request("request-3"));
        Assert.Equal(8, looks);
    }

    [Theory]
    [InlineData("unsilence-alerts", "a silence on b1 of job 01OLD")]
    [InlineData("manager-resume", "Scylla Manager suspended by the mark of job 01OLD")]
    public void R13_a_silence_or_a_suspension_of_a_job_that_nobody_knows_is_enough_and_is_known_once_acknowledged(string tag, string what)
    {
        var found = Catalogue.CatalogueCases.All.Single(c => c.Tag == tag);
        Use(new EngineBed(options: found.Options with { Workflows = BedWorkflows.All }));
        found.Prepare(_bed);
        Assert.Contains($"Found:\n{what}", Refusal("request-1"), StringComparison.Ordinal);
        _bed.AcknowledgeTraces();
        _bed.Kill();
        _bed.StartHost();
        Finish(_bed.Run(Request("request-2")));
    }

    [Fact]
    public void R30_a_journal_of_a_newer_version_stops_nobodys_start_and_makes_nothing_a_strangers()
    {
        var id = LoseHostWhile("c1");
        _bed.Store.Unreadable = id;
        var stuck = Assert.Single(_bed.StartHost());
        Assert.Equal((id, true), (stuck.Job, stuck.Why.Contains("'teleported'", StringComparison.Ordinal)));
        Assert.Empty(_bed.History.OfType<FootprintsFound>());

        // Its lease stays its own: nobody else works there, and that is why.
        var refusal = Refusal("request-2");
        Assert.Contains(id.Value, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("read-only", refusal, StringComparison.Ordinal);

        // The newer version reads it, and goes on.
        _bed.Kill();
        _bed.Store.Unreadable = null;
        Assert.Empty(_bed.StartHost());
        Finish(id);
        OnceEach("b1", "b2", "c1", "d1");
    }

    [Fact]
    public void R13_what_a_node_tells_is_read_whole_or_not_at_all()
    {
        var found = NodeFootprints.Parse("epoch 7\nlast scp-01J-1.2-1-systemctl-stop 7 2026-01-01T00:00:00Z\nreceipt scp-01J-1.3-2-date-__s:b1 6 lost\nreceipt scp-01J-found-x 6 ended\ntimer t.timer\nscylla failed\nend\n")!;
        Assert.Equal((7L, "failed", false, "01J", ("1.2", 1)), (found.Epoch, found.Scylla, found.ScyllaRuns, found.Last!.Job, found.Last.Place!.Value));
        Assert.Equal(("b1", ("1.3", 2), true), (found.Receipts[0].For, found.Receipts[0].Place!.Value, found.Receipts[0].IsOpen));
        Assert.Equal(("01J", null), (found.Receipts[1].Job, found.Receipts[1].Place));
        foreach (var part in new[] { "", "epoch 7\nscylla active", "epoch x\nend", "epoch 7\nnonsense here\nend", "receipt only\nend", "receipt a -1 ended\nend", $"timer {new string('t', 300)}\nend" })
        {
            Assert.Null(NodeFootprints.Parse(part));
        }

        // A name that the port had to cut says whose it was, and no more.
        Assert.Equal(("01J", null), (new LeftReceipt("rscp-01J-1.2-1-put_file-x-0123456789abcdef", 1, "ended").Job, new LeftReceipt("rscp-01J-1.2-1-x-0123", 1, "ended").Place));
        Assert.Null(new LeftReceipt("something else", 1, "ended").Job);
    }

    public void Dispose() => _bed.Dispose();

    private void Use(EngineBed bed)
    {
        _bed.Dispose();
        _bed = bed;
    }

    /// <summary>A job that stops this node as its third; then the host is gone.</summary>
    /// <param name="before">While its first node is at work.</param>
    private JobId LoseHostWhile(string node, Action? before = null)
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).HasPassed(new StepKey("1.2", "b1")));
        before?.Invoke();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node) && _bed.Sim(node).Unit.ActiveState == "inactive");
        _bed.Kill();
        return id;
    }

    private string Refusal(string request)
    {
        var plan = _bed.Plan(Request(request));
        return No(_bed.Press(c => c.StartAsync(Mara, plan, default)));
    }

    private void Finish(JobId id)
    {
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Verdict() is { Healthy: true, QuorumEverLost: false });
    }

    private void OnceEach(params string[] nodes) => Assert.Equal(
        nodes.SelectMany(n => new[] { $"drain {n}", $"start {n}", $"stop {n}" }).Order(StringComparer.Ordinal),
        _bed.Effects.Where(e => e.Kind is "drain" or "stop" or "start").Select(e => $"{e.Kind} {e.Node}").Order(StringComparer.Ordinal));

    private int Rings(JobId id) => _bed.Stored(s => s.OutboxAsync(id, default)).Count(r => r.Kind == "halt");

    private Lease LeaseNow() => _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!;

    private NodeFootprints Left(Node node) => _bed.Do(() => NodeFootprints.ReadAsync(_bed.Ports, node, BedClusters.Name, default));

    private Plan Task(string request, string task, string node, params (string Name, string Value)[] inputs) => Assert.IsType<PlanOutcome.Ready>(_bed.Do(() =>
        _bed.Control.PlanTaskAsync(Mara, new TaskRequest(
            request, task, BedClusters.Name, node, inputs.ToImmutableSortedDictionary(i => i.Name, i => i.Value, StringComparer.Ordinal), "why not"), default))).Plan;
}

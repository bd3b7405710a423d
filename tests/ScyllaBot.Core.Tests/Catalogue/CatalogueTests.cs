using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>
/// The catalogue contract (architecture 7), over every task and without exemptions: for every call of a clean run, the call lost before or
/// after its effect, or the host killed there and another one resuming, ends in the same state with each effect once.
/// </summary>
public sealed class CatalogueTests
{
    // A clean run of a long task polls a hundred times: a share of its reads is tried unless the whole is asked for. What changes is always tried.
    private static readonly bool Whole = Environment.GetEnvironmentVariable("SCYLLABOT_CATALOGUE") == "all";
    private const int ReadsTried = 4;
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Names => [.. CatalogueCases.All.Select(c => c.Name)];

    [Fact]
    public void Every_task_has_a_case_and_every_case_a_task() => Assert.Equal(
        TaskCatalog.Core.Tasks.Select(d => d.Tag.Name), CatalogueCases.All.Select(c => c.Tag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void A_clean_run_does_what_it_is_for_and_twice_is_once(string name)
    {
        var @case = CaseOf(name);
        using var run = new CatalogueRun(@case);
        var clean = run.Run();
        Assert.True(clean.Outcome == JobOutcome.Succeeded, run.Bed.Describe());
        Assert.Equal(@case.Effects.Order(StringComparer.Ordinal), clean.Effects.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        if (@case.Repeat == Idempotent.ByNature)
        {
            var again = run.Again();
            Assert.Equal((JobOutcome.Succeeded, "", clean.Facts), (again.Outcome, again.Effects, again.Facts));
        }
    }

    // What doctor --print-sudoers says is what tasks really run: a task that runs more must say so.
    [Theory, MemberData(nameof(Names))]
    public void Whatever_runs_as_root_is_told_for_sudoers(string name)
    {
        var @case = CaseOf(name);
        using var run = new CatalogueRun(@case);
        run.Run();
        var told = RootCommands.WithRestore(WorkflowSource.Read("own.yaml", run.Text(), BedTasks.Catalog).Tags).SelectMany(RootCommands.Of).Concat(RootCommands.OfTheBot).ToList();
        Assert.Empty(run.Rooted.Where(argv => !RootCommands.Covers(told, argv)).Select(argv => string.Join(' ', argv)).Distinct(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Whatever_call_is_lost_and_wherever_the_host_dies_the_end_is_the_same(string name)
    {
        var @case = CaseOf(name);
        using var first = new CatalogueRun(@case);
        var clean = first.Run();
        foreach (var (at, loss) in Misfortunes(clean.Calls))
        {
            using var run = new CatalogueRun(@case);
            AssertSame(clean, run.Run(at, loss), run, $"{name}: {loss} at call {at} ({clean.Calls[at]})");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Stopped_in_good_order_it_lets_go_at_once_and_the_next_host_ends_it(string name)
    {
        var @case = CaseOf(name);
        using var first = new CatalogueRun(@case);
        var clean = first.Run();
        foreach (var at in Middles(clean.Calls))
        {
            using var run = new CatalogueRun(@case);
            AssertStopped(clean, run.Run(at, Loss.Hangs), run, $"{name}: stopped at call {at} ({clean.Calls[at]})");
        }

        if (clean.Length > TimeSpan.Zero)
        {
            using var run = new CatalogueRun(@case) { StopAfter = clean.Length / 2 };
            AssertStopped(clean, run.Run(), run, $"{name}: stopped after {clean.Length / 2}");
        }
    }

    private static void AssertStopped(RunResult clean, RunResult result, CatalogueRun run, string what)
    {
        Assert.True(run.Stopping <= Promptly, $"{what}: the host took {run.Stopping}");
        AssertSame(clean, result, run, what);
    }

    private static void AssertSame(RunResult clean, RunResult result, CatalogueRun run, string what) => Assert.True(
        (result.Outcome, result.Effects, result.Facts) == (clean.Outcome, clean.Effects, clean.Facts),
        $"{what}:\n{result.Outcome}\n{result.Effects}\n{Different(result.Facts, clean.Facts)}\n-- clean:\n{clean.Effects}\n{Different(clean.Facts, result.Facts)}\n{run.Bed.Describe()}");

    private static string Different(string facts, string others) => string.Join('\n', facts.Split('\n').Except(others.Split('\n'), StringComparer.Ordinal));

    private static CatalogueCase CaseOf(string name) => CatalogueCases.All.Single(c => c.Name == name);

    private static IEnumerable<(int At, Loss Loss)> Misfortunes(IReadOnlyList<string> calls)
    {
        var reads = Enumerable.Range(0, calls.Count).Where(i => IsRead(calls[i])).ToArray();
        var every = Whole ? 1 : Math.Max(1, reads.Length / ReadsTried);
        var tried = reads.Where((_, i) => i % every == 0).Concat(Enumerable.Range(0, calls.Count).Where(i => !IsRead(calls[i])));
        return tried.Order().SelectMany(i => new[] { Loss.Before, Loss.After, Loss.Dies, Loss.DiesAfter }.Select(loss => (i, loss)));
    }

    /// <summary>The call in the middle, and the middle one of those that change something.</summary>
    private static IEnumerable<int> Middles(IReadOnlyList<string> calls)
    {
        var changes = Enumerable.Range(0, calls.Count).Where(i => !IsRead(calls[i])).ToArray();
        return new[] { calls.Count == 0 ? -1 : calls.Count / 2, changes.Length == 0 ? -1 : changes[changes.Length / 2] }.Where(at => at >= 0).Distinct();
    }

    private static bool IsRead(string call) => call.StartsWith("read ", StringComparison.Ordinal);
}

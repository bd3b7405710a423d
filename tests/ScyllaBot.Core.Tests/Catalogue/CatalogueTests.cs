using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;

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

    public static TheoryData<string> Tags => [.. TaskCatalog.Core.Tasks.Select(d => d.Tag.Name)];

    [Fact]
    public void Every_task_has_a_case_and_every_case_a_task() => Assert.Equal(
        TaskCatalog.Core.Tasks.Select(d => d.Tag.Name), CatalogueCases.All.Select(c => c.Tag).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Tags))]
    public void A_clean_run_does_what_it_is_for_and_twice_is_once(string tag)
    {
        var @case = CaseOf(tag);
        using var run = new CatalogueRun(@case);
        var clean = run.Run();
        Assert.Equal(JobOutcome.Succeeded, clean.Outcome);
        Assert.Equal(@case.Effects.Order(StringComparer.Ordinal), clean.Effects.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        if (@case.Repeat == Idempotent.ByNature)
        {
            var again = run.Again();
            Assert.Equal((JobOutcome.Succeeded, "", clean.Facts), (again.Outcome, again.Effects, again.Facts));
        }
    }

    [Theory, MemberData(nameof(Tags))]
    public void Whatever_call_is_lost_and_wherever_the_host_dies_the_end_is_the_same(string tag)
    {
        var @case = CaseOf(tag);
        using var first = new CatalogueRun(@case);
        var clean = first.Run();
        foreach (var (at, loss) in Misfortunes(clean.Calls))
        {
            using var run = new CatalogueRun(@case);
            var result = run.Run(at, loss);
            Assert.True(
                (result.Outcome, result.Effects, result.Facts) == (clean.Outcome, clean.Effects, clean.Facts),
                $"{tag}: {loss} at call {at} ({clean.Calls[at]}):\n{result.Outcome}\n{result.Effects}\n{result.Facts}\n-- clean:\n{clean.Effects}\n{clean.Facts}\n{run.Bed.Describe()}");
        }
    }

    private static CatalogueCase CaseOf(string tag) =>
        CatalogueCases.All.FirstOrDefault(c => c.Tag == tag) ?? throw new InvalidOperationException($"!{tag} has no case in CatalogueCases");

    private static IEnumerable<(int At, Loss Loss)> Misfortunes(IReadOnlyList<string> calls)
    {
        var reads = Enumerable.Range(0, calls.Count).Where(i => IsRead(calls[i])).ToArray();
        var every = Whole ? 1 : Math.Max(1, reads.Length / ReadsTried);
        var tried = reads.Where((_, i) => i % every == 0).Concat(Enumerable.Range(0, calls.Count).Where(i => !IsRead(calls[i])));
        return tried.Order().SelectMany(i => new[] { Loss.Before, Loss.After, Loss.Dies, Loss.DiesAfter }.Select(loss => (i, loss)));
    }

    private static bool IsRead(string call) => call.StartsWith("read ", StringComparison.Ordinal);
}

using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>docs/hazards.md says nothing that is not so.</summary>
public sealed partial class HazardPageTests
{
    private static readonly Match[] Rows = Row().Matches(RepositoryFiles.Read("docs/hazards.md")).ToArray();

    private static readonly string Sources = string.Join('\n', FilesBelow("src/ScyllaBot.Core").Select(File.ReadAllText));

    private static readonly HashSet<string> Tests =
        [.. FilesBelow("tests").SelectMany(file => Method().Matches(File.ReadAllText(file))).Select(m => m.Groups["name"].Value)];

    [Fact]
    public void Every_hazard_has_its_row_and_one_of_four_verdicts() =>
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"H{i}"), Rows.Select(r => r.Groups["hazard"].Value));

    [Fact]
    public void Every_check_that_it_names_exists()
    {
        var types = typeof(TaskCatalog).Assembly.GetTypes().Select(t => t.Name.Split('`')[0]).ToHashSet(StringComparer.Ordinal);
        var named = Rows.SelectMany(r => Type().Matches(r.Groups["check"].Value)).Select(m => m.Groups["name"].Value).ToArray();
        Assert.InRange(named.Length, 60, 200);
        Assert.Empty(named.Except(types, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_test_that_it_names_exists_and_what_is_guarded_has_one()
    {
        Assert.Empty(Rows.SelectMany(TestsOf).Except(Tests, StringComparer.Ordinal));
        Assert.All(Rows.Where(r => r.Groups["verdict"].Value is "shown" or "guarded"), r => Assert.NotEmpty(TestsOf(r)));
    }

    /// <summary>The harm without the check: a test of this folder, named after the hazard; and no such test is left out.</summary>
    [Fact]
    public void What_is_shown_is_shown_by_switching_it_off()
    {
        var showing = FilesBelow("tests/ScyllaBot.Core.Tests/Hazards").Where(file => !file.EndsWith("PageTests.cs", StringComparison.Ordinal))
            .SelectMany(file => Shown().Matches(File.ReadAllText(file))).Select(m => m.Groups["name"].Value).ToArray();
        Assert.InRange(showing.Length, 40, 200);
        Assert.All(Rows.Where(r => r.Groups["verdict"].Value is "shown"),
            r => Assert.Contains(TestsOf(r), t => showing.Contains(t, StringComparer.Ordinal) && t.StartsWith(r.Groups["hazard"].Value + "_", StringComparison.Ordinal)));
        Assert.Empty(showing.Except(Rows.Where(r => r.Groups["verdict"].Value is "shown" or "partly").SelectMany(TestsOf), StringComparer.Ordinal));
    }

    [Fact]
    public void Every_message_is_one_that_the_code_says()
    {
        var pieces = Rows.SelectMany(r => Quoted().Matches(r.Groups["says"].Value)).SelectMany(m => m.Groups["text"].Value.Split('…'))
            .Select(piece => piece.Trim()).Where(piece => piece.Length > 5).ToArray();
        Assert.InRange(pieces.Length, 35, 200);
        Assert.DoesNotContain(pieces, piece => !Sources.Contains(piece, StringComparison.Ordinal));
    }

    private static IEnumerable<string> TestsOf(Match row) => Type().Matches(row.Groups["test"].Value).Select(m => m.Groups["name"].Value);

    private static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(RepositoryFiles.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<hazard>H\d+) (?<verdict>shown|guarded|partly|not ours) \| [^|]+ \| (?<check>[^|]+) \| (?<says>[^|]*)\| (?<test>[^|]*)\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex("\"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"public void (?<name>H\d+_\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();

    [GeneratedRegex(@"public (?:async )?(?:static )?(?:void|Task) (?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();
}

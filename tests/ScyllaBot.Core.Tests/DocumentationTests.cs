using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests;

/// <summary>Pages that name tests and rules go stale unless somebody looks.</summary>
public sealed partial class DocumentationTests
{
    private const string Page = "docs/operating-rules.md";
    private const string TableHead = "## Rule and test\n\n";

    private static readonly string[] Tests =
        [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .SelectMany(text => Method().Matches(text)).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    [Fact]
    public void Every_rule_is_told_in_its_place() => Assert.Equal(
        Enumerable.Range(1, 30).Select(i => $"R{i}"), Rule().Matches(RepositoryFiles.Read(Page)).Select(m => m.Groups["rule"].Value));

    [Fact]
    public void Every_rule_has_a_test_that_bears_its_number_and_the_page_lists_them()
    {
        var byRule = Enumerable.Range(1, 30).Select(i => (Rule: $"R{i}", Tests: Bearing(i))).ToArray();
        Assert.Empty(byRule.Where(r => r.Tests.Length == 0).Select(r => r.Rule));

        var table = new StringBuilder("| rule | tests |\n|---|---|\n");
        foreach (var (rule, tests) in byRule)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {rule} | {string.Join(", ", tests.Select(t => $"`{t}`"))} |\n");
        }

        var page = RepositoryFiles.Read(Page);
        var head = page[..(page.IndexOf(TableHead, StringComparison.Ordinal) + TableHead.Length)];
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") is not null)
        {
            File.WriteAllText(RepositoryFiles.PathOf(Page), head + table);
            return;
        }

        Assert.Equal(head + table, page);
    }

    [Fact]
    public void Every_test_that_a_page_of_rules_names_exists()
    {
        var named = Named().Matches(RepositoryFiles.Read(Page)).Select(m => m.Groups["name"].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Tests, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_decision_is_listed() => Assert.Equal(
        Directory.EnumerateFiles(RepositoryFiles.PathOf("docs/adr"), "0*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Listed().Matches(RepositoryFiles.Read("docs/adr/README.md")).Select(m => m.Groups["file"].Value));

    private static string[] Bearing(int rule) =>
        [.. Tests.Where(t => t.Split('_').Contains($"R{rule.ToString(CultureInfo.InvariantCulture)}", StringComparer.Ordinal)).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^\*\*(?<rule>R\d+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"public (?:async )?(?:static )?(?:void|Task) (?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"\((?<file>0\d{3}-[a-z0-9-]+\.md)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listed();
}

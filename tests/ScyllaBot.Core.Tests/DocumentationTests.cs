using System.Text.RegularExpressions;

namespace ScyllaBot.Core.Tests;

/// <summary>Pages that name tests and rules go stale unless somebody looks.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Rules = RepositoryFiles.Read("docs/operating-rules-status.md");

    [Fact]
    public void Every_rule_has_its_row_and_one_of_three_verdicts() => Assert.Equal(
        Enumerable.Range(1, 30).Select(i => $"R{i}"), Row().Matches(Rules).Select(m => m.Groups["rule"].Value));

    [Fact]
    public void Every_test_that_the_page_of_rules_names_exists()
    {
        var sources = Directory.EnumerateFiles(RepositoryFiles.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        var tests = sources.SelectMany(text => Method().Matches(text)).Select(m => m.Groups["name"].Value);
        var named = Named().Matches(Rules).Select(m => m.Groups["name"].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(tests, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_decision_is_listed() => Assert.Equal(
        Directory.EnumerateFiles(RepositoryFiles.PathOf("docs/adr"), "0*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Listed().Matches(RepositoryFiles.Read("docs/adr/README.md")).Select(m => m.Groups["file"].Value));

    [GeneratedRegex(@"^\| (?<rule>R\d+) [^|]+\| (?:held|partly|no) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"public (?:async )?(?:static )?(?:void|Task) (?<name>\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"\((?<file>0\d{3}-[a-z0-9-]+\.md)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listed();
}

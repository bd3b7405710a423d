using System.Text.RegularExpressions;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Core.Yaml;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>docs/workflows.md: every example loads, and the rules are told in the reader's own words.</summary>
public sealed partial class RulePageTests
{
    private const string Page = "docs/workflows.md";
    private const string Begin = "<!-- generated: RulePageTests -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public void The_page_of_the_language_tells_each_rule_in_the_words_in_which_the_reader_refuses()
    {
        var page = RepositoryFiles.Read(Page);
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var expected = string.Concat(page.AsSpan(0, from), RulePage.Table(), page.AsSpan(to));
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf(Page), expected);
        }

        // After a change of a rule: SCYLLABOT_WRITE_DOCS=1 dotnet test tests/ScyllaBot.Core.Tests --filter RulePageTests
        Assert.Equal(expected, RepositoryFiles.Read(Page));
    }

    [Fact]
    public void Every_example_of_the_page_loads()
    {
        var examples = Example().Matches(RepositoryFiles.Read(Page)).Select(m => m.Groups["yaml"].Value).ToArray();
        Assert.True(examples.Length >= 8, "the page has lost its examples");
        foreach (var example in examples)
        {
            var tries = Around(example).Select(w => WorkflowSource.Read("w.yaml", w, Core.Tasks.TaskCatalog.Core).Errors).ToArray();
            Assert.True(tries.Any(t => t.IsEmpty), $"{example}\n{string.Join('\n', tries.MinBy(t => t.Length))}");
        }
    }

    [Fact]
    public void Every_key_of_the_language_is_on_the_page()
    {
        var page = RepositoryFiles.Read(Page);
        Type[] records =
        [
            typeof(Workflow), typeof(Step<Core.Clusters.NodeContext>), typeof(ApprovalGate), typeof(Variable), typeof(MaintenanceWindow), typeof(Macro), typeof(MacroUse),
            typeof(Core.Tasks.ConditionCheck<Core.Clusters.NodeContext>), typeof(Core.Scylla.Tasks.NodeWorkflow),
        ];
        Assert.Empty(records.SelectMany(r => Core.Tasks.Input.AllOf(r)).Where(i => !page.Contains($"{i.Name}:", StringComparison.Ordinal) && !page.Contains($"`{i.Name}`", StringComparison.Ordinal))
            .Select(i => i.Name));
    }

    /// <summary>What may be missing around an example: a head, steps, the variables that it names.</summary>
    private static IEnumerable<string> Around(string example)
    {
        var names = Templates.Template().Matches(example).Select(m => m.Groups["name"].Value)
            .Where(n => !Templates.IsReserved(n) && !n.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToArray();
        var variables = names.Length == 0 || example.Contains("variables:", StringComparison.Ordinal) || example.Contains("inputs:", StringComparison.Ordinal)
            ? ""
            : "variables:\n" + string.Concat(names.Select(n => $"  - name: {n}\n"));
        yield return example;
        yield return $"name: n\n{variables}{example}";
        yield return $"name: n\n{variables}{example}cluster_tasks:\n  - task: !quiesce-topology\n";
        yield return $"name: n\n{variables}cluster_tasks:\n{example}";
        yield return variables + Written.OnNodes(example.TrimEnd());
    }

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Example();
}

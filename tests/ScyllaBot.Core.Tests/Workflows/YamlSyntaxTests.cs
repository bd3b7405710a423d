using FsCheck;
using FsCheck.Fluent;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>Text that is no workflow at all.</summary>
public sealed class YamlSyntaxTests
{
    [Theory]
    [InlineData("name: [a\ncluster_tasks: b\n", 2)]
    [InlineData("name: \"n\n", 1)]
    public void Broken_yaml_is_one_error_with_its_line(string text, int line)
    {
        var error = Assert.Single(Written.Source(text).Errors);
        Assert.StartsWith("not readable as YAML", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, line - 1, line + 1);
    }

    [Fact]
    public void A_tab_is_told_where_it_stands()
    {
        var errors = Written.Source("name: n\ncluster_tasks:\n\t- task: !scylla-drain\n").Errors;
        Assert.Contains(errors, e => e is { Line: 3, Message: "indented with a tab: YAML wants spaces" });
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("# nothing\n", "the file is empty")]
    [InlineData("- a\n- b\n", "the file must be a mapping: `key: value` lines")]
    [InlineData("just text", "the file must be a mapping: `key: value` lines")]
    public void A_file_that_is_no_mapping_is_one_error(string text, string message) =>
        Assert.Equal(message, Assert.Single(Written.Source(text).Errors).Message);

    [Fact]
    public void Anchors_and_aliases_are_refused()
    {
        var errors = Written.Source("name: &n hello\ndescription: *n\ncluster_tasks: []").Errors;
        Assert.Contains(errors, e => e.Line == 1 && e.Message.StartsWith("anchors are not used", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Line == 2 && e.Message.StartsWith("aliases are not used", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_document_is_refused() =>
        Assert.Contains(Written.Source(Written.OnNodes("- task: !scylla-drain") + "---\nname: other\n").Errors,
            e => e.Message.StartsWith("a second document", StringComparison.Ordinal));

    [Fact]
    public void Tags_of_other_worlds_are_refused() => Assert.Equal(
        "only tags such as !scylla-drain are used here",
            Written.TheError(Written.OnNodes("- task: !scylla-drain\n  retries: !!int 3")).Message);

    [Fact]
    public void A_bomb_of_aliases_costs_nothing()
    {
        var bomb = "a: &a [x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: [*a, *a, *a, *a]\n"));
        Assert.NotEmpty(Written.Source(bomb).Errors);
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Contains(
        "nested deeper than", Assert.Single(Written.Source("name: " + new string('[', 5000) + new string(']', 5000)).Errors).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_huge_file_is_refused() =>
        Assert.Equal("longer than 256 KiB", Assert.Single(Written.Source("name: " + new string('x', 300 * 1024)).Errors).Message);

    [Fact]
    public void A_thousand_steps_are_the_most()
    {
        string Of(int steps) => "name: n\ncluster_tasks:\n"
            + string.Concat(Enumerable.Repeat("- task: !send-webhook-message {channels: [a], message: m}\n", steps));
        Assert.Empty(Written.Source(Of(1000)).Errors);
        Assert.Equal("1001 steps, more than 1000", Assert.Single(Written.Source(Of(1001)).Errors).Message);
    }

    [Fact]
    public void Whatever_the_text_reading_never_throws()
    {
        string[] pieces =
        [
            "name: n\n", "cluster_tasks:\n", "  - task: ", "!scylla-drain", "!node-workflow\n", "      node_tasks: ", "[", "]", "{", "}", "\"",
            "'", "|\n", ": ", "- ", "&a ", "*a", "+x+", "\t", "#", "%", "@", "\n", "?", "!", "!<x>", "\u0001", "é",
        ];
        var texts = Gen.Elements(pieces).ListOf().Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var source = WorkflowSource.Read("w.yaml", text, TaskCatalog.Core);
            return source.Errors.All(e => e is { Line: >= 1, Column: >= 1 }) && (source.Errors.Length > 0 || source.Text == text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Tasks;
using ScyllaBot.Core.Tests.Workflows.Runs;
using Xunit.Abstractions;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>
/// The published schema in the hands of others: ajv with an independent YAML reader, and the language server of editors. What our reader takes they
/// take, and of what it refuses they refuse what a schema can know; what it can not is listed.
/// </summary>
public sealed partial class SchemaJudgedTests(ITestOutputHelper output)
{
    /// <summary>Keys that the file has chosen itself: its macro and that one's input.</summary>
    private static readonly string[] OwnNames = ["settle", "patience"];

    [FactWithSchemaJudge]
    public async Task Every_shipped_workflow_is_valid_to_all_of_them()
    {
        var files = WorkflowFolder.All.ToDictionary(f => f.File, f => f.Text, StringComparer.Ordinal);
        Assert.NotEmpty(files);
        AllContent(await SchemaJudge.AskAsync(files, editor: true));
    }

    [FactWithSchemaJudge]
    public async Task Every_example_of_a_task_or_condition_is_valid_and_so_is_one_that_uses_all_of_the_language()
    {
        var files = TaskCatalog.Core.All.ToDictionary(d => d.Tag.Name, MinimalYaml.For, StringComparer.Ordinal);
        files.Add("whole", PlantedMistakes.Whole);
        Assert.All(files, f => Assert.Empty(Written.Source(f.Value).Errors));
        AllContent(await SchemaJudge.AskAsync(files, editor: true));
    }

    [FactWithSchemaJudge(needsShared: true)]
    public async Task The_articles_listings_are_valid()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["first"] = ArticleTests.First(), ["second"] = ArticleTests.Second() };
        AllContent(await SchemaJudge.AskAsync(files, editor: true));
    }

    [FactWithSchemaJudge]
    public async Task Planted_mistakes_are_refused_as_our_reader_refuses_them_save_those_that_no_schema_can_know()
    {
        var planted = PlantedMistakes.All;
        Assert.Equal(planted.Count, planted.Select(p => p.What).Distinct(StringComparer.Ordinal).Count());
        var files = planted.ToDictionary(p => p.What, p => PlantedMistakes.With(p.Was, p.Now), StringComparer.Ordinal);
        var verdicts = await SchemaJudge.AskAsync(files, editor: true);
        var wrong = new List<string>();
        foreach (var (what, _, _, by) in planted)
        {
            var verdict = verdicts[what];
            var editor = verdict.Editor!;
            var found = If(verdict.Tagged, Knows.Tagged) | If(verdict.Plain, Knows.Plain) | If(editor, Knows.Editor);
            if (found != by)
            {
                wrong.Add($"{what}: told by {found}, not {by}: {string.Join("; ", verdict.Tagged.Take(2).Concat(editor.Take(2)))}");
            }

            if (Written.Source(files[what]).Errors.IsEmpty)
            {
                wrong.Add($"{what}: our reader takes it");
            }
        }

        output.WriteLine(string.Join('\n', planted.GroupBy(p => p.By).Select(g => $"{g.Count()} told by {g.Key}")));
        Assert.Empty(wrong);
    }

    [FactWithSchemaJudge]
    public async Task Where_yaml_has_a_word_for_nothing_the_schema_is_stricter_than_the_reader()
    {
        var files = PlantedMistakes.Stricter.ToDictionary(p => p.What, p => PlantedMistakes.With(p.Was, p.Now), StringComparer.Ordinal);
        Assert.All(files, f => Assert.Empty(Written.Source(f.Value).Errors));
        Assert.All((await SchemaJudge.AskAsync(files, editor: false)).Values, v => Assert.NotEmpty(v.Tagged));
    }

    /// <summary>Every line with a key, in every shipped workflow: misspelt, with a list for a value, with nothing for a value, and left out.</summary>
    [FactWithSchemaJudge]
    public async Task What_it_refuses_of_a_thousand_mutants_our_reader_refuses_too_and_no_misspelt_key_gets_past_either()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, text) in WorkflowFolder.All.Append(("whole", PlantedMistakes.Whole)))
        {
            Mutate(file, text.Split('\n'), lines, files);
        }

        var verdicts = await SchemaJudge.AskAsync(files, editor: false);
        var readers = files.ToDictionary(f => f.Key, f => Written.Source(f.Value).Errors, StringComparer.Ordinal);
        var falseAlarms = files.Keys.Where(f => readers[f].IsEmpty && (verdicts[f].Tagged.Length > 0 || verdicts[f].Plain.Length > 0));
        Assert.Empty(falseAlarms.Select(f => $"{f}: {verdicts[f].Tagged.Concat(verdicts[f].Plain).First()}"));

        var refused = files.Keys.Where(f => !readers[f].IsEmpty).ToArray();
        var shared = refused.Count(f => verdicts[f].Tagged.Length > 0);
        output.WriteLine($"{files.Count} mutants, {refused.Length} refused by the reader, {shared} of them by the schema");
        Assert.DoesNotContain(refused, f => f.EndsWith("misspelt", StringComparison.Ordinal) && verdicts[f].Tagged.Length == 0);
        Assert.InRange(files.Count, 1000, 10_000);

        // What is left are rules: a wait left out, an undo left out, a variable's declaration.
        Assert.True(shared > refused.Length * 0.9, $"only {shared} of {refused.Length}");
    }

    [FactWithSchemaJudge]
    public async Task An_editor_offers_keys_inputs_choices_and_tags_and_says_what_they_mean()
    {
        var offers = await SchemaJudge.OfferAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["top"] = PlantedMistakes.Whole + "|",
            ["step"] = PlantedMistakes.With("retries: 2", "retries|: 2"),
            ["tag"] = PlantedMistakes.With("!scylla-drain", "|"),
            ["input"] = PlantedMistakes.With("              name: Restart them\n".TrimStart(), "name: Restart them\n      max|\n"),
            ["choice"] = PlantedMistakes.With("on_failure: halt", "on_failure: |"),
        });
        Assert.Contains("macros", (await SchemaJudge.OfferAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["only"] = "name: n\n|" }))["only"].Offered);
        Assert.Contains("Further attempts after a recoverable failure", offers["step"].Hovered, StringComparison.Ordinal);
        Assert.Contains("!systemd-start-service", offers["tag"].Offered);
        Assert.Contains("max_failed_nodes", offers["input"].Offered);
        Assert.Superset(new HashSet<string>(["halt", "skip_node", "continue"], StringComparer.Ordinal), offers["choice"].Offered.ToHashSet(StringComparer.Ordinal));
        Assert.DoesNotContain("description", offers["top"].Offered);
    }

    private static Knows If(string[] complaints, Knows who) => complaints.Length > 0 ? who : Knows.None;

    /// <param name="seen">A line that several files have is tried in one of them.</param>
    private static void Mutate(string file, string[] lines, HashSet<string> seen, Dictionary<string, string> into)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (Key().Match(lines[i]) is not { Success: true } found || !seen.Add(lines[i]))
            {
                continue;
            }

            var (key, rest) = (found.Groups["key"], lines[i][(found.Groups["key"].Index + found.Groups["key"].Length + 1)..]);
            var head = lines[i][..key.Index];
            var named = string.Create(CultureInfo.InvariantCulture, $"{file}:{i + 1} {key.Value}");
            if (!OwnNames.Contains(key.Value, StringComparer.Ordinal))
            {
                Add($"{named} misspelt", $"{head}{key.Value}x:{rest}");
            }

            Add($"{named} left out", $"{head}{(head.Contains('-', StringComparison.Ordinal) ? "{}" : "")}");
            if (rest.Length > 0 && !rest.Contains('!', StringComparison.Ordinal))
            {
                Add($"{named} of lists", $"{head}{key.Value}: [[a]]");
                Add($"{named} of nothing", $"{head}{key.Value}:");
            }

            void Add(string what, string line) => into.Add(what, string.Join('\n', [.. lines[..i], line, .. lines[(i + 1)..]]));
        }
    }

    private static void AllContent(SortedDictionary<string, SchemaJudge.Verdict> verdicts) => Assert.Empty(
        verdicts.SelectMany(v => v.Value.Tagged.Concat(v.Value.Plain).Concat(v.Value.Editor ?? []).Select(why => $"{v.Key}: {why}")));

    [GeneratedRegex(@"^ *(- )?(?<key>[a-z_]+):( |$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}

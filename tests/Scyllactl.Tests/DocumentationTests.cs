using System.CommandLine;
using System.Text;
using ScyllaBot.Testing;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests;

/// <summary>docs/scyllactl.md says of every verb what the program says.</summary>
public sealed class DocumentationTests
{
    private const string Begin = "<!-- generated: verbs -->\n";
    private const string End = "<!-- end of generated -->\n";

    [Fact]
    public void The_page_has_every_verb_and_exit_code()
    {
        var file = RepositoryFiles.PathOf("docs/scyllactl.md");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, text[..from] + Tables() + text[to..]);
            return;
        }

        Assert.Equal(Tables(), text[from..to]);
    }

    [Fact]
    public void Every_verb_and_option_says_what_it_is_for()
    {
        foreach (var (path, verb) in Leaves(Verbs.Of(Prompt.Around()), ""))
        {
            Assert.False(string.IsNullOrWhiteSpace(verb.Description), path);
            Assert.All(verb.Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), $"{path} {o.Name}"));
            Assert.All(verb.Arguments, a => Assert.False(string.IsNullOrWhiteSpace(a.Description), $"{path} {a.Name}"));
        }
    }

    /// <summary>What is taught works: the parser takes every example.</summary>
    [Fact]
    public void Every_example_can_be_typed()
    {
        var root = Verbs.Of(Prompt.Around());
        foreach (var (line, _) in Everything(root).OfType<Verb>().SelectMany(v => v.Examples))
        {
            Assert.True(root.Parse(Typed(line)).Errors.Count == 0, line);
        }
    }

    /// <summary>A runbook is typed under stress. A verb that is only named (<c>scyllactl workflow validate</c>) is no line to type.</summary>
    [Fact]
    public void Every_line_of_the_pages_can_be_typed()
    {
        var root = Verbs.Of(Prompt.Around());
        var (lines, wrong) = (0, new List<string>());
        foreach (var page in Directory.EnumerateFiles(RepositoryFiles.PathOf("docs"), "*.md").Append(RepositoryFiles.PathOf("README.md")))
        {
            foreach (var typed in DocumentedLines.Of(File.ReadAllText(page), "scyllactl ").Select(l => l.Split([" #", " | ", ")", " > "], StringSplitOptions.None)[0].Trim()))
            {
                lines++;
                var words = NodeLists.Joined(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                var parsed = root.Parse(words);
                if (parsed.Errors.Count > 0 && !IsName(parsed, words.Count))
                {
                    wrong.Add($"{Path.GetFileName(page)}: scyllactl {typed}: {parsed.Errors[0].Message}");
                }
            }
        }

        Assert.True(lines >= 20, $"{lines} lines only");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool IsName(ParseResult parsed, int words) => parsed.UnmatchedTokens.Count == 0 && Depth(parsed.CommandResult) == words;

    private static int Depth(System.CommandLine.Parsing.SymbolResult? command) => command is System.CommandLine.Parsing.CommandResult { Parent: { } parent } ? 1 + Depth(parent) : 0;

    /// <summary>"--help after any verb explains it with examples."</summary>
    [Fact]
    public void Every_verb_has_an_example_of_itself()
    {
        var root = Verbs.Of(Prompt.Around());
        foreach (var (path, verb) in Leaves(root, ""))
        {
            var examples = verb is Verb { Examples: var own } ? own : [];
            Assert.False(examples.IsEmpty, path);
            Assert.All(examples, e => Assert.Same(verb, root.Parse(Typed(e.Line)).CommandResult.Command));
        }
    }

    // What scyllactl sees of it; the rest is the shell's.
    private static string Typed(string line) => line.Split(" | ")[0].Split(" > ")[0].Split(" # ")[0].TrimEnd();

    private static IEnumerable<Command> Everything(Command command) => command.Subcommands.SelectMany(Everything).Prepend(command);

    private static IEnumerable<(string Path, Command Verb)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(c => Leaves(c, path.Length == 0 ? c.Name : $"{path} {c.Name}"));

    private static string Tables()
    {
        var page = new StringBuilder("\n| Verb | | Options |\n|---|---|---|\n");
        foreach (var (path, verb) in Leaves(Verbs.Of(Prompt.Around()), ""))
        {
            var arguments = string.Concat(verb.Arguments.Select(a => $" {(a.Arity.MaximumNumberOfValues > 1 ? $"{a.HelpName}…" : a.HelpName)}".ToUpperInvariant()));
            var options = string.Join(" ", verb.Options.Select(o => $"`{o.Name}{(o.ValueType == typeof(bool) ? "" : "=")}`"));
            page.Append($"| `{path}{arguments.Replace("|", "\\|", StringComparison.Ordinal)}` | {verb.Description!.Replace("|", "\\|", StringComparison.Ordinal)} | {options} |\n");
        }

        page.Append("\n| Exit code | |\n|---|---|\n");
        foreach (var (code, meaning) in ExitCodes.All)
        {
            page.Append($"| {code} | {meaning} |\n");
        }

        return page.Append('\n').ToString();
    }
}

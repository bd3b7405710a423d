using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Control;
using Scyllactl.Show;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Show;

/// <summary>Sentences that were written for chat name what can be typed here.</summary>
public sealed partial class SpokenTests
{
    [Theory]
    [InlineData("end it (/scp abort) or plan it anew (/scp handback).", "end it (`scyllactl job abort 1KG2`) or plan it anew (`scyllactl handback 1KG2`).")]
    [InlineData("look at /scp job job:1KG7 and ask again", "look at `scyllactl job show 1KG7` and ask again")]
    [InlineData("an approver acknowledges: /scp unlock cluster:messages-stg. Until then", "an approver acknowledges: `scyllactl unlock messages-stg --reason=TEXT`. Until then")]
    [InlineData("An approver lifts it with /scp halt-all lift:true.", "An approver lifts it with `scyllactl halt-all --lift`.")]
    [InlineData("There is no debt x. /scp debts lists them.", "There is no debt x. `scyllactl debts` lists them.")]
    [InlineData("end: /scp abort now:true; or not", "end: `scyllactl job abort 1KG2 --now`; or not")]
    [InlineData("started (/scp node-task task:systemd-start-service).", "started (`scyllactl node-task systemd-start-service --node=NODE`).")]
    [InlineData("The step's name fits no button: use `/scp answer`.", "The step's name fits no button: use `scyllactl job answer 1KG2 TEXT`.")]
    [InlineData("`/scp debts pay:d1 reason:`", "`scyllactl debts --pay=d1 --reason=TEXT`")]
    public void A_command_of_chat_is_said_as_it_is_typed_here(string said, string shown) => Assert.Equal(shown, Spoken.Line(said, 500, "1KG2"));

    [Theory]
    [InlineData("/scp help says more")]
    [InlineData("/scp dance")]
    [InlineData("/scp why-not")]
    [InlineData("/scp jobs colour:red")]
    [InlineData("/scp jobs all:perhaps")]
    [InlineData("/scp run workflow:w from_job:1KG2")]
    [InlineData("/scp unlock cluster:PROD")]
    [InlineData("/scp why job:a job:b")]
    [InlineData("nothing of the kind")]
    public void What_has_no_exact_counterpart_stays_as_it_is(string said) => Assert.Equal(said, Spoken.Line(said, 500, "1KG2"));

    [Fact]
    public void Without_a_job_its_reader_puts_one_in_and_nothing_strange_is_put_in_for_them()
    {
        Assert.Equal("`scyllactl job why JOB`", Spoken.Line("/scp why", 100));
        Assert.Equal("`scyllactl job why JOB`", Spoken.Line("/scp why", 100, "1; rm -rf"));
        Assert.Equal("", Spoken.Line(null, 100));
        Assert.Equal("`scyllactl j…", Spoken.Line("/scp why", 13));
    }

    /// <summary>Whatever the sources say of <c>/scp</c> is a command here too, and one that the parser takes.</summary>
    [Fact]
    public void Every_command_of_chat_that_a_sentence_names_can_be_typed_here()
    {
        var root = Verbs.Of(Prompt.Around());
        var mentions = 0;
        foreach (var line in Sources("*.cs").SelectMany(File.ReadLines).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
        {
            foreach (var at in Mention().Matches(Filled(line)).Cast<Match>())
            {
                mentions++;
                if (!ChatCommands.OnlyInChat.Contains(at.Groups["verb"].Value))
                {
                    AssertTyped(root, at.Value, line);
                }
            }
        }

        Assert.True(mentions > 30, $"only {mentions} were found: is this still how sentences name commands?");
    }

    [Fact]
    public void Every_subcommand_of_chat_has_its_line_or_is_listed_as_without()
    {
        var root = Verbs.Of(Prompt.Around());
        var names = Subcommand().Matches(File.ReadAllText(Sources("CommandDefinition.cs").Single())).Select(m => m.Groups["name"].Value).ToArray();
        Assert.InRange(names.Length, 20, 25);
        Assert.All(names.Except(ChatCommands.OnlyInChat, StringComparer.Ordinal), name => AssertTyped(root, $"/scp {name}", name));
        Assert.All(ChatCommands.OnlyInChat, name => Assert.Contains(name, names));
    }

    private static void AssertTyped(System.CommandLine.RootCommand root, string said, string where)
    {
        var shown = Spoken.Line(said, 500);
        Assert.True(shown.StartsWith("`scyllactl ", StringComparison.Ordinal), $"{said} has no counterpart here:\n{where}");
        var typed = shown[1..shown.IndexOf('`', 1)]["scyllactl ".Length..];
        Assert.True(root.Parse(typed).Errors.Count == 0, $"{typed}\n{where}");
    }

    /// <summary>What is put into a sentence while it runs is some name.</summary>
    private static string Filled(string line)
    {
        for (var before = ""; before != line;)
        {
            (before, line) = (line, Hole().Replace(line, "x1"));
        }

        return line;
    }

    private static IEnumerable<string> Sources(string pattern, [CallerFilePath] string here = "") => Directory
        .EnumerateFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src"), pattern, SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}Scyllactl{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.EndsWith("ChatCommands.cs", StringComparison.Ordinal));

    [GeneratedRegex("""`?/scp (?<verb>[a-z-]+)[^"]*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mention();

    [GeneratedRegex("""\{[^{}]*\}""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();

    [GeneratedRegex("""Sub\("(?<name>[a-z-]+)",""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Subcommand();
}

using System.Text.RegularExpressions;
using ScyllaBot.Discord.Commands;

namespace ScyllaBot.Discord.Tests.Commands;

/// <summary>A runbook is typed under stress: every command that a page prints is one that Discord takes.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly Dictionary<string, JsonArray> Subcommands = CommandDefinition.Build()[0]!["options"]!.AsArray()
        .ToDictionary(s => s!["name"]!.GetValue<string>(), s => s!["options"]!.AsArray(), StringComparer.Ordinal);

    [Fact]
    public void Every_command_of_the_pages_can_be_typed()
    {
        var pages = Directory.EnumerateFiles(RepositoryFiles.PathOf("docs"), "*.md").Append(RepositoryFiles.PathOf("README.md"));
        var typed = pages.SelectMany(page => DocumentedLines.Of(File.ReadAllText(page), "/scp ").Select(line => (Page: Path.GetFileName(page), Line: line))).ToList();

        var wrong = typed.Select(t => (t.Page, t.Line, Why: WhyNot(t.Line))).Where(t => t.Why is not null).Select(t => $"{t.Page}: /scp {t.Line}: {t.Why}").ToList();

        Assert.True(typed.Count >= 25, $"{typed.Count} commands only");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("why", null)]
    [InlineData("takeover what:JOB reason:because of that", null)]
    [InlineData("run workflow:cleanup cluster:one nodes:a-1, a-2 vars:set=on", null)]
    [InlineData("halt-all lift:true", null)]
    [InlineData("takeover cluster:one reason:x", "there is no option cluster")]
    [InlineData("handback nodes:a-1=done", "it needs job")]
    [InlineData("cluster-task manager-resume", "manager-resume belongs to no option")]
    [InlineData("cluster-task tablet-balancing vars:set=on", "tablet-balancing belongs to no option")]
    [InlineData("halt-all lift:yes", "lift is true or false")]
    [InlineData("takover what:x", "there is no takover")]
    public void A_line_that_Discord_would_not_take_is_named(string line, string? why) => Assert.Equal(why, WhyNot(line));

    /// <summary>A name alone stands for the command itself; with anything behind it, it is a line to type.</summary>
    private static string? WhyNot(string line)
    {
        var name = line.Split(' ')[0];
        if (!Subcommands.TryGetValue(name, out var options))
        {
            return $"there is no {name}";
        }

        var rest = line[name.Length..];
        var given = Given().Matches(rest);
        if (rest.Trim().Length == 0)
        {
            return null;
        }

        var stray = given.Count == 0 ? rest.Trim() : rest[..given[0].Index].Trim();
        if (stray.Length > 0)
        {
            return $"{stray} belongs to no option";
        }

        var known = options.ToDictionary(o => o!["name"]!.GetValue<string>(), o => o!, StringComparer.Ordinal);
        foreach (Match option in given)
        {
            var (key, value) = (option.Groups["key"].Value, option.Groups["value"].Value.Trim());
            if (!known.TryGetValue(key, out var definition))
            {
                return $"there is no option {key}";
            }

            if (definition["type"]!.GetValue<int>() == 5 && value is not ("true" or "false"))
            {
                return $"{key} is true or false";
            }
        }

        var lacks = known.Where(k => k.Value["required"]?.GetValue<bool>() == true).Select(k => k.Key).Except(given.Select(g => g.Groups["key"].Value), StringComparer.Ordinal).ToList();
        return lacks.Count == 0 ? null : $"it needs {string.Join(", ", lacks)}";
    }

    /// <summary>A value goes on to the next option, as it does in Discord.</summary>
    [GeneratedRegex(@"(?:^|\s)(?<key>[a-z_]+):(?<value>\S.*?)(?=\s[a-z_]+:\S|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Given();
}

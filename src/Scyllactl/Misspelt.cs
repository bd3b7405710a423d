using System.CommandLine;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;
using Scyllactl.Show;

namespace Scyllactl;

/// <summary>What is wrong with a command line, in our words: the parser's own name types of a program, and each word behind a wrong one.</summary>
internal static partial class Misspelt
{
    private const int Longest = 300;

    public static async Task<int> SayAsync(ParseResult parsed, Surroundings around)
    {
        foreach (var sentence in Sentences(parsed).Distinct(StringComparer.Ordinal))
        {
            await around.Errors.WriteLineAsync(sentence);
        }

        await around.Errors.WriteLineAsync($"{PathOf(parsed.CommandResult.Command)} --help explains.");
        return ExitCodes.Refused;
    }

    private static IEnumerable<string> Sentences(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            // What stands behind a wrong verb can not be judged.
            var verbs = command.Subcommands.Select(c => c.Name).ToArray();
            return parsed.UnmatchedTokens is [var first, ..] ? [Unknown(first, command, verbs)] : [$"{PathOf(command)} needs a verb: {string.Join(", ", verbs)}."];
        }

        var plain = parsed.Errors.Select(e => e.Message).Where(m => !parsed.UnmatchedTokens.Any(t => m.Contains($"'{t}'", StringComparison.Ordinal)));
        return parsed.UnmatchedTokens.Select(t => Unknown(t, command, [])).Concat(plain.Select(InWords));
    }

    private static string Unknown(string word, Command command, string[] verbs)
    {
        var isOption = word.StartsWith('-');
        word = isOption ? word.Split('=')[0] : word;
        var said = isOption ? $"no option {Clean.Quoted(word)}" : verbs.Length > 0 ? $"no verb {Clean.Quoted(word)}" : $"no place for {Clean.Quoted(word)}";
        var near = Nearest.To(word, isOption || verbs.Length == 0 ? OptionsOf(command) : verbs);
        return $"{PathOf(command)} has {said}{(near is null ? "." : $"; did you mean {near}?")}";
    }

    private static string InWords(string message) => NotOfType().Match(message) is { Success: true } wrong
        ? $"{wrong.Groups["name"].Value} takes {(wrong.Groups["type"].Value.Contains("Boolean", StringComparison.Ordinal) ? "true or false" : "a whole number")}, not {Clean.Quoted(wrong.Groups["given"].Value)}."
        : Clean.Line(message, Longest);

    [GeneratedRegex(@"^Cannot parse argument '(?<given>.*)' for (option|command) '(?<name>[^']*)' as expected type '(?<type>.*)'\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex NotOfType();

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Select(o => o.Name).Concat(command.Parents.OfType<Command>().Take(1).SelectMany(OptionsOf));

    private static string PathOf(Command command) =>
        command is RootCommand ? "scyllactl" : string.Join(' ', command.Parents.OfType<Command>().Take(1).Select(PathOf).Append(command.Name));
}

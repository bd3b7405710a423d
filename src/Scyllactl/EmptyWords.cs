using System.CommandLine;
using System.CommandLine.Parsing;

namespace Scyllactl;

/// <summary>Words that say nothing, as a script's unset variable leaves them. <c>--nodes "$NODES"</c> must not come to mean every node.</summary>
internal static class EmptyWords
{
    /// <returns>A sentence about the first; null: there is none.</returns>
    public static string? In(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = command.Parent)
        {
            if (command.Children.Select(Empty).FirstOrDefault(name => name is not null) is { } empty)
            {
                return $"{empty} is empty: was a variable of a script not set?";
            }
        }

        return null;
    }

    private static string? Empty(SymbolResult given) => !given.Tokens.Any(t => t.Value.AsSpan().Trim(" ,\t\r\n").IsEmpty) ? null : given switch
    {
        OptionResult { Option.Name: not ("--reason" or "--why") and var option } => option,
        ArgumentResult { Argument: { CaptureRemainingTokens: false } argument } => $"The {argument.HelpName ?? argument.Name}",
        _ => null,
    };
}

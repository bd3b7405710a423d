using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ScyllaBot.Core.Tasks;
using Scyllactl.Show;

namespace Scyllactl;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings around, CancellationToken ct)
    {
        var parsed = Verbs.Of(around).Parse(NodeLists.Joined(args));
        if (parsed is { Errors.Count: > 0, Action: ParseErrorAction })
        {
            return await MisspeltAsync(parsed, around);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = around.Out, Error = around.Errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ct);
        }
        catch (StopException stop)
        {
            await around.Errors.WriteLineAsync(Spoken.Block(stop.Message, JobOf(parsed)));
            return stop.ExitCode;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCodes.Detached;
        }
        catch (IOException broken) when (parsed.Action is not HelpAction && broken is not FileNotFoundException)
        {
            // Whoever read our output has had enough (head, less), or a file can not be read.
            await around.Errors.WriteLineAsync(Clean.Line(broken.Message));
            return ExitCodes.Broken;
        }
    }

    /// <summary>What the verb was about, if it was a job.</summary>
    private static string? JobOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.OfType<Argument<string>>().FirstOrDefault(a => a.Name == "job") is { } job ? parsed.GetValue(job) : null;

    private static async Task<int> MisspeltAsync(ParseResult parsed, Surroundings around)
    {
        foreach (var error in parsed.Errors.Select(e => Clean.Line(e.Message, 300)).Distinct(StringComparer.Ordinal))
        {
            await around.Errors.WriteLineAsync(error);
        }

        // The parser's own corrections are printed as an answer; here they are part of what was wrong.
        var known = parsed.CommandResult.Command.Subcommands.Select(c => c.Name).Concat(OptionsOf(parsed.CommandResult.Command)).ToArray();
        foreach (var meant in parsed.UnmatchedTokens.Select(t => Nearest.To(t, known)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await around.Errors.WriteLineAsync($"Did you mean {meant}?");
        }

        var path = string.Join(' ', PathOf(parsed.CommandResult.Command).Prepend("scyllactl"));
        await around.Errors.WriteLineAsync($"{path} --help explains.");
        return ExitCodes.Refused;
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Select(o => o.Name).Concat(command.Parents.OfType<Command>().Take(1).SelectMany(OptionsOf));

    private static IEnumerable<string> PathOf(Command command) =>
        command is RootCommand ? [] : command.Parents.OfType<Command>().Take(1).SelectMany(PathOf).Append(command.Name);
}

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
        ParseResult? parsed = null;
        try
        {
            parsed = Verbs.Of(around).Parse(NodeLists.Joined(args));
            return await DoAsync(parsed, around, ct);
        }
        catch (StopException stop)
        {
            await around.Errors.WriteLineAsync(Spoken.Block(stop.Message, parsed is null ? null : JobOf(parsed)));
            return stop.ExitCode;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCodes.Detached;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // Whoever read our output has had enough (head, less), or a file can not be read.
            await around.Errors.WriteLineAsync(Clean.Line(broken.Message, 500));
            return ExitCodes.Broken;
        }
        catch (Exception unforeseen)
        {
            // A script gets its exit code, and a person something to tell us.
            await around.Errors.WriteLineAsync(
                $"scyllactl broke ({unforeseen.GetType().Name}: {Clean.Line(unforeseen.Message, 300)}): are bot and scyllactl of one version? Look at the job before you try again.");
            return ExitCodes.Broken;
        }
    }

    private static async Task<int> DoAsync(ParseResult parsed, Surroundings around, CancellationToken ct)
    {
        if (parsed.Action is not TeachingHelp && EmptyWords.In(parsed) is { } empty)
        {
            throw new StopException(ExitCodes.Refused, empty);
        }

        return parsed is { Errors.Count: > 0, Action: ParseErrorAction }
            ? await MisspeltAsync(parsed, around)
            : await parsed.InvokeAsync(
                new InvocationConfiguration { Output = around.Out, Error = around.Errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ct);
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

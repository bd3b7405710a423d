using System.CommandLine;
using System.CommandLine.Invocation;
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
            await around.Errors.WriteLineAsync(Spoken.Block(Clean.Shortened(stop.Message, Typed(parsed)), parsed is null ? null : JobOf(parsed)));
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
            ? await Misspelt.SayAsync(parsed, around)
            : await parsed.InvokeAsync(
                new InvocationConfiguration { Output = around.Out, Error = around.Errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, ct);
    }

    /// <summary>What the verb was about, if it was a job.</summary>
    private static string? JobOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.OfType<Argument<string>>().FirstOrDefault(a => a.Name == "job") is { } job ? parsed.GetValue(job) : null;

    // Of lists each name, since each is repeated by itself.
    private static IEnumerable<string> Typed(ParseResult? parsed) => parsed?.Tokens.SelectMany(t => t.Value.Split(',').Append(t.Value)) ?? [];
}

using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>What a person is asked before something begins.</summary>
internal static class Consent
{
    public static Option<string?> Confirm { get; } = new("--confirm")
    {
        Description = "Instead of typing the cluster's name: what destroys is refused without it where nobody can be asked", HelpName = "CLUSTER",
    };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask whether to start (what destroys asks for the cluster's name all the same)" };

    /// <exception cref="StopException">No, or nobody was there to say yes; or it can not be started, so nobody is asked.</exception>
    public static async Task ToStartAsync(PlanView plan, ParseResult parsed, Surroundings around, bool asksAlways, CancellationToken ct)
    {
        if (plan.WhyNoStart is { } never)
        {
            throw new StopException(ExitCodes.Refused, $"Not started. {never}");
        }

        if (plan.IsDestructive || plan.Confirm is not null)
        {
            await NameAsync(plan.Confirm ?? plan.Cluster, "This destroys something that nobody can bring back.", parsed, around, ct);
        }
        else if (asksAlways && around.CanAsk && !parsed.GetValue(Yes) && await AskAsync("Start? [y/N] ", around, ct) is not ("y" or "Y" or "yes"))
        {
            throw new StopException(ExitCodes.Refused, "Not started.");
        }
    }

    /// <summary>The name must be typed, or given as <c>--confirm</c>. <c>--yes</c> does not do.</summary>
    /// <exception cref="StopException">It was not.</exception>
    public static async Task NameAsync(string name, string why, ParseResult parsed, Surroundings around, CancellationToken ct)
    {
        var typed = parsed.GetValue(Confirm);
        if (typed is null && !around.CanAsk)
        {
            throw new StopException(ExitCodes.Refused, $"{why} Nobody can be asked here: add --confirm {Clean.Line(name, 80)} if that is meant.");
        }

        typed ??= await AskAsync($"{why} Type {Clean.Line(name, 80)} to go on: ", around, ct);
        if (!string.Equals(typed, name, StringComparison.Ordinal))
        {
            throw new StopException(ExitCodes.Refused, $"\"{Clean.Line(typed, 80)}\" is not {Clean.Line(name, 80)}: nothing was done.");
        }
    }

    /// <summary>A console reads a line to its end and does not look whether anybody still waits for it; so nobody does after Ctrl-C.</summary>
    /// <exception cref="StopException">Ctrl-C.</exception>
    private static async Task<string?> AskAsync(string question, Surroundings around, CancellationToken ct)
    {
        await around.Errors.WriteAsync(question);
        try
        {
            return (await Task.Run(around.In.ReadLine, CancellationToken.None).WaitAsync(ct))?.Trim();
        }
        catch (OperationCanceledException left) when (ct.IsCancellationRequested)
        {
            // The cursor stands behind the question.
            await around.Errors.WriteLineAsync();
            throw new StopException(ExitCodes.Detached, "Nothing was done.", left);
        }
    }
}

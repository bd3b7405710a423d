using System.CommandLine;
using System.Diagnostics;

namespace Scyllactl.Offline;

/// <summary>Verbs of the host program, which reaches nodes: it is run with the same arguments and its exit code is ours.</summary>
internal static class HostVerbs
{
    private const string Program = "ScyllaBot";

    public static Command Inventory(Surroundings around)
    {
        var rest = new Argument<string[]>("arguments") { HelpName = "arguments", Description = "As the host program takes them", Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true };
        return new Verb("inventory", "Make or check the file of clusters: import | check (runs the host program; --help is its own)")
        {
            TreatUnmatchedTokensAsErrors = false,
            Examples = [("inventory check inventory.yaml", "compare a file with the rings"), ("inventory import --from-node 10.0.0.1", "ask a live node for its ring")],
            Arguments = { rest },
        }.Does((parsed, ct) => RunAsync(["inventory", .. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens], around, ct));
    }

    /// <summary>With our own input and outputs.</summary>
    /// <exception cref="StopException">It is not to be found, or does not start.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Surroundings around, CancellationToken ct)
    {
        var command = Find(around) ?? throw new StopException(
            ExitCodes.Refused, $"{Program} is neither beside scyllactl ({around.ProgramFolder}) nor on PATH; SCYLLACTL_HOST can say where it is.");
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, WorkingDirectory = around.Folder };
        foreach (var argument in command[1..].Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var host = Process.Start(start) ?? throw new StopException(ExitCodes.Broken, $"{command[0]} did not start.");
            await host.WaitForExitAsync(ct);
            return host.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception unstartable)
        {
            throw new StopException(ExitCodes.Broken, $"{command[0]} did not start: {unstartable.Message}", unstartable);
        }
    }

    private static string[]? Find(Surroundings around)
    {
        var named = around.Variable("SCYLLACTL_HOST");
        var beside = Path.Combine(around.ProgramFolder, Program);
        var onPath = (around.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, Program));
        string[] candidates = named is { Length: > 0 } ? [named] : [beside, beside + ".exe", beside + ".dll", .. onPath];
        return Array.Find(candidates, File.Exists) switch
        {
            null => null,
            var dll when dll.EndsWith(".dll", StringComparison.Ordinal) => ["dotnet", dll],
            var program => [program],
        };
    }
}

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

    /// <summary>A bot that runs looks itself, with what it runs with. Otherwise the host program does, which also works where the bot does not start.</summary>
    public static Verb Doctor(Surroundings around)
    {
        var cluster = Shared.Cluster(around, "Look at this cluster only");
        var sudoers = new Option<bool>("--print-sudoers") { Description = "Print only what the enabled workflows need of sudo on the nodes" };
        var state = new Option<string?>("--state") { Description = "As given to the bot", HelpName = "DIR" };
        var workflows = new Option<string?>("--workflows") { Description = "As given to the bot", HelpName = "DIR" };
        return new Verb("doctor", "Look whether everything is as the bot needs it, and say what to do where it is not (by the running bot; where none runs, by the host program)")
        {
            Examples =
            [
                ("doctor --cluster messages-prd", ""),
                ("doctor --print-sudoers > scyllabot.sudoers && visudo -cf scyllabot.sudoers", "on the bot's host; what visudo finds good is copied to each node: /etc/sudoers.d/scyllabot, mode 0440"),
            ],
            Options = { cluster, sudoers, state, workflows },
        }.Does(async (parsed, ct) =>
        {
            // The bot that runs has its folders; another one's, and rights on nodes, are the host program's to look at.
            var isPlain = parsed.GetValue(state) is null && parsed.GetValue(workflows) is null && !parsed.GetValue(sudoers);
            if (isPlain && await DoctorOfBot.LookAsync(parsed, parsed.GetValue(cluster), around, ct) is { } code)
            {
                return code;
            }

            string[] arguments =
            [
                "doctor", "--output", parsed.WantsJson() ? "json" : "text", .. Given("--cluster", parsed.GetValue(cluster)), .. Given("--state", parsed.GetValue(state)),
                .. Given("--workflows", parsed.GetValue(workflows)), .. parsed.GetValue(sudoers) ? new[] { "--print-sudoers" } : [],
            ];
            return await RunAsync(arguments, around, ct);
        });

        static string[] Given(string name, string? value) => value is null ? [] : [name, value];
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

using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Offline;

/// <summary>The doctor of a bot that runs. The first line says who looks.</summary>
internal static class DoctorOfBot
{
    /// <returns>An exit code; null: no bot runs.</returns>
    public static async Task<int?> LookAsync(ParseResult parsed, string? cluster, Surroundings around, CancellationToken ct)
    {
        using var bot = BotClient.Of(parsed, around);
        BotView view;
        try
        {
            view = await bot.AskAsync<BotView>(ControlRoutes.Bot, [], ct);
        }
        catch (StopException none) when (none.ExitCode == ExitCodes.NoBot)
        {
            await around.Errors.WriteLineAsync("No bot runs here: the host program looks, with the configuration that it finds.");
            return null;
        }

        await around.Errors.WriteLineAsync(Clean.Line($"The running bot looks (ScyllaBot {view.Version}{(view.Sandbox ? ", in its sandbox" : "")}), with what it runs with.", 200));
        var report = await bot.AskAsync<DoctorReport>(ControlRoutes.Doctor, [], ct, ("cluster", cluster));
        await around.Out.WriteAsync(parsed.WantsJson() ? report.ToJson() + "\n" : string.Join('\n', DoctorText.Of(report).Split('\n').Select(l => Spoken.Line(l, 2000))));
        return report.ExitCode;
    }
}

using System.CommandLine;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>Watches one job to its end, to its halt, or until somebody presses Ctrl-C.</summary>
/// <param name="bot">Whose.</param>
/// <param name="around">Its clock.</param>
/// <param name="screen">Where it is shown.</param>
/// <param name="staysAtHalt">A person watches: what halts may go on.</param>
internal sealed class Watching(BotClient bot, Surroundings around, IWatchScreen screen, bool staysAtHalt)
{
    /// <summary>What a verb that watches takes besides.</summary>
    public static Option<string?> OnHalt { get; } = Make(new("--on-halt")
    {
        Description = "wait: go on watching when the job halts; exit: end with code 1 (default: wait on a terminal, exit otherwise)", HelpName = "wait|exit",
    });

    public static Watching Of(BotClient bot, ParseResult parsed, Surroundings around, bool isOneOff, bool isOneNode)
    {
        var isLive = around.Terminal is not null && !parsed.GetValue(Shared.NoLive) && !isOneOff;
        IWatchScreen screen = parsed.WantsJson() ? new JsonScreen(around) : isLive ? new LiveScreen(around.Terminal!) : new LineScreen(around, isOneNode, isOneOff);
        var stays = parsed.GetValue(OnHalt) is { } said ? said == "wait" : isLive && !parsed.WantsJson();
        return new Watching(bot, around, screen, stays);
    }

    /// <param name="job">Its id.</param>
    /// <param name="tail">From now on, with the last so many log lines; null: all of it.</param>
    /// <param name="ct">Ctrl-C.</param>
    /// <returns>An exit code.</returns>
    public async Task<int> UntilEndAsync(string job, int? tail, CancellationToken ct)
    {
        try
        {
            return await screen.OpenAsync(() => FollowAsync(job, tail, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            screen.Say(new(Tone.Plain, $"Detached: job {job} goes on. `scyllactl job watch {job}` watches it again."));
            return ExitCodes.Detached;
        }
    }

    private async Task<int> FollowAsync(string job, int? tail, CancellationToken ct)
    {
        JobView? last = null;
        await foreach (var seen in new WatchStream(bot, around.Time).FollowAsync(job, tail, ct))
        {
            if (seen is Seen.Over && last?.Outcome is null)
            {
                last = await bot.AskAsync<JobView>(ControlRoutes.Job, [job], ct);
                screen.Show(new Seen.Standing(last));
            }

            screen.Show(seen);
            last = seen is Seen.Standing { Job: var view } ? view : last;
            if (seen is Seen.Over)
            {
                break;
            }

            if (last is { State: JobState.Halted } && seen is Seen.Standing && !staysAtHalt)
            {
                return ExitCodes.Failed;
            }
        }

        return last?.Outcome == JobOutcome.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Option<string?> Make(Option<string?> option) => option.AcceptOnlyFromAmong("wait", "exit");
}

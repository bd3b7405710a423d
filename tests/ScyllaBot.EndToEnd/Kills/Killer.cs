using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>Waits for the moment that is asked for, adds a seeded while, kills the bot and starts it again.</summary>
/// <param name="channel">Id of the channel that pings go to.</param>
internal sealed class Killer(SandboxUnderTest sandbox, HostUnderTest host, PingWatch pings, string channel, Random random)
{
    private const int HeldWindow = 900;
    private const int AnyWindow = 4_000;

    /// <summary>Milliseconds. A timer set to the window's last ones would mostly miss it.</summary>
    private const int TimersLateness = 10;

    private static readonly int PingWindow = (int)JobLife.PingWindow.TotalMilliseconds;
    private readonly List<Landing> _landed = [];

    public IReadOnlyList<Landing> Landed => _landed;

    public async Task KillAsync(KillMoment moment)
    {
        var landing = moment switch
        {
            KillMoment.Ping => await AtPingAsync(),
            KillMoment.Held => await WhileHeldAsync(),
            _ => await AnyTimeAsync(),
        };
        _landed.Add(landing);
        await host.StartAgainAsync();
    }

    private async Task<Landing> AtPingAsync()
    {
        // For every second one Discord's answer is lost: the message is out, and the bot that dies does not know.
        var isAnswerLost = _landed.Count(l => l.Aim == KillMoment.Ping) % 2 == 0;
        var wait = random.Next(isAnswerLost ? PingWindow / 5 : PingWindow - TimersLateness);
        if (isAnswerLost)
        {
            await sandbox.PostAsync("/page-api/faults", new { kind = "rest-lost", method = "POST", path = $"/channels/{channel}/messages", count = 100 });
        }

        var ping = await pings.NextAsync(Patience.Job);

        // From its POST on, not from our hearing of it.
        var heard = TimeProvider.System.GetUtcNow() - ping.At;
        await AfterAsync(wait - (int)heard.TotalMilliseconds);
        var after = await host.KillAsync() - ping.At;
        await sandbox.DeleteAsync("/page-api/faults");
        return new Landing(KillMoment.Ping, after, await HeldAsync()) { IsAnswerLost = isAnswerLost };
    }

    private async Task<Landing> WhileHeldAsync()
    {
        var wait = random.Next(HeldWindow);
        await Eventually.TrueAsync(async () => !(await HeldAsync()).IsEmpty, "a node to be down", Patience.Job, TimeSpan.FromMilliseconds(20));
        await AfterAsync(wait);

        // It may have come back meanwhile; then the next one is waited for.
        await Eventually.TrueAsync(async () => !(await HeldAsync()).IsEmpty, "a node to be down", Patience.Job, TimeSpan.FromMilliseconds(20));
        await host.KillAsync();
        return new Landing(KillMoment.Held, null, await HeldAsync());
    }

    private async Task<Landing> AnyTimeAsync()
    {
        await AfterAsync(random.Next(AnyWindow));
        await host.KillAsync();
        return new Landing(KillMoment.Any, null, await HeldAsync());
    }

    private async Task<ImmutableArray<string>> HeldAsync()
    {
        var clusters = (await sandbox.GetAsync("/sandbox/clusters")).GetProperty("clusters");
        return [.. clusters.EnumerateArray().SelectMany(c => c.GetProperty("nodes").EnumerateArray()).Where(IsDown).Select(NameOf)];
    }

    private static bool IsDown(JsonElement node) =>
        node.GetProperty("process").GetString() != "running" || node.GetProperty("mode").GetString() != "NORMAL";

    private static string NameOf(JsonElement node) => node.GetProperty("name").GetString()!;

    private static async Task AfterAsync(int milliseconds)
    {
        if (milliseconds > 0)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
            await timer.WaitForNextTickAsync();
        }
    }
}

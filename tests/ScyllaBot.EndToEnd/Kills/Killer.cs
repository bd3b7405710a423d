using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>Waits for the moment that is asked for, adds a seeded while, kills the bot and starts it again.</summary>
internal sealed class Killer(SandboxUnderTest sandbox, HostUnderTest host, PingWatch pings, Random random)
{
    private const int PingWindow = 50;
    private const int HeldWindow = 900;
    private const int AnyWindow = 4_000;
    private readonly List<Landing> _landed = [];

    public IReadOnlyList<Landing> Landed => _landed;

    /// <summary>The wait begins at once, so that a ping right after the call is not missed.</summary>
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
        // Half of them very near: there the message is out and its confirmation not yet written.
        var wait = random.Next(2) == 0 ? random.Next(8) : random.Next(PingWindow);
        var ping = await pings.NextAsync(Patience.Job);
        await AfterAsync(wait);
        await host.KillAsync();
        var after = TimeProvider.System.GetUtcNow() - ping.At;
        return new Landing(KillMoment.Ping, after, await HeldAsync());
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

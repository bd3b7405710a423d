using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Discord;
using ScyllaBot.Transports;

namespace ScyllaBot.Sandbox;

/// <summary>Starts a sandbox, or attaches to one that runs, and finds everything there.</summary>
internal static class SandboxStart
{
    private const double DemoSpeed = 60;

    /// <exception cref="StartRefusedException">There is none at the given address.</exception>
    public static async Task<BotWorld> OpenAsync(HostArguments arguments, HostSettings settings, HttpClient http, CancellationToken ct)
    {
        var process = arguments.SandboxUrl is not null ? null : await SandboxProcess.StartAsync(
            arguments.Speed ?? (arguments.Demo ? DemoSpeed : settings.Sandbox.Speed), arguments.Seed ?? settings.Sandbox.Seed, ct);
        try
        {
            return await FindAsync(arguments, settings, http, process, ct);
        }
        catch (HttpRequestException unreachable) when (arguments.SandboxUrl is { } url)
        {
            throw new StartRefusedException($"There is no sandbox at {url} ({unreachable.Message}). Start one, or leave out --sandbox-url.");
        }
        catch when (process is not null)
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task<BotWorld> FindAsync(HostArguments arguments, HostSettings settings, HttpClient http, SandboxProcess? process, CancellationToken ct)
    {
        var address = process?.Address ?? SandboxAddress.Of(arguments.SandboxUrl!);
        var time = await SandboxClock.ReadAsync(http, address.Clock, ct);
        var inventory = StartChecks.Inventory("inventory", await http.GetStringAsync(address.Inventory, ct));

        // A fresh sandbox knows nothing of old jobs, so it gets a database of its own; an attached one keeps the one it is given.
        var state = Path.Combine(arguments.State ?? settings.State, process is not null ? $"sandbox-{Environment.ProcessId}" : "sandbox");
        if (process is not null)
        {
            OldSandboxes.Remove(Path.GetDirectoryName(state)!);
        }

        var discord = await SandboxWorld.ReadAsync(http, address, ct);
        var exchange = new HttpExchange(http, patience => Longest(patience / time.Factor, TimeSpan.FromSeconds(5)));
        return new BotWorld
        {
            Inventory = inventory,
            Time = time,
            Http = exchange,
            Commands = new SandboxCommandChannel(exchange),
            State = state,
            IsSandbox = true,
            Sandbox = address,
            Owned = process is null ? [] : [process],
            AddServices = services =>
            {
                services.AddHostedService(_ => new SandboxClock(http, address.Clock, time));
                services.AddDiscord(discord);
            },
        };
    }

    private static TimeSpan Longest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;
using Xunit.Abstractions;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>discord.js as judge: a client that knows nothing of us.</summary>
public sealed class DiscordJsTests(ITestOutputHelper output)
{
    [FactWithNodeModules]
    public async Task A_real_client_can_not_tell_the_emulator_from_discord()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddDiscordEmulator(options => options.HeartbeatInterval = TimeSpan.FromSeconds(3));
        await using var app = builder.Build();
        app.MapDiscordEmulator();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = FactWithNodeModulesAttribute.Folder(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("judge.mjs");
        start.ArgumentList.Add(address);
        if (Environment.GetEnvironmentVariable("SCYLLABOT_SHARED") is { Length: > 0 } shared)
        {
            start.ArgumentList.Add("--contract");
            start.ArgumentList.Add(Path.Combine(shared, "data", "discord-openapi.json"));
        }

        using var judge = Process.Start(start)!;
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            var said = judge.StandardOutput.ReadToEndAsync(giveUp.Token);
            var complained = judge.StandardError.ReadToEndAsync(giveUp.Token);
            await judge.WaitForExitAsync(giveUp.Token);
            output.WriteLine(await said + await complained);
            Assert.True(judge.ExitCode == 0, await said + await complained);
        }
        finally
        {
            if (!judge.HasExited)
            {
                judge.Kill(entireProcessTree: true);
            }
        }
    }
}

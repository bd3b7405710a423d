using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Moq;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>The whole of Discord's side as a host wires it, on an engine that is a fake.</summary>
internal sealed class RunningBot : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningBot(IHost host) => _host = host;

    public FakeControl Control => (FakeControl)_host.Services.GetRequiredService<IJobControl>();

    public IChat Chat => _host.Services.GetRequiredService<IChat>();

    public DiscordHealth Health => _host.Services.GetRequiredService<DiscordHealth>();

    public static async Task<RunningBot> StartAsync(Emulator emulator, CancellationToken ct, MemoryNotes? notes = null, string token =
        Known.Token)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var kept = (notes ?? new MemoryNotes()).Notes;
        var store = new Mock<IJobStore>();
        store.Setup(s => s.ReadNoteAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(kept.Read);
        store.Setup(s => s.WriteNoteAsync(It.IsAny<string>(), It.IsAny<string?>(), It.IsAny<CancellationToken>())).Returns(kept.Write);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IJobControl, FakeControl>();
        builder.Services.AddSingleton(store.Object);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDiscord(o => Configure(o, emulator, token));
        var host = builder.Build();
        await host.StartAsync(ct);
        return new RunningBot(host);
    }

    public static async Task<RunningBot> StartConnectedAsync(Emulator emulator, CancellationToken ct, MemoryNotes? notes = null)
    {
        var bot = await StartAsync(emulator, ct, notes);
        await bot.Health.WhenConnectedAsync(ct);
        return bot;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static void Configure(DiscordOptions options, Emulator emulator, string token)
    {
        options.ApiBase = emulator.ApiBase;
        options.Token = token;
        options.GuildId = Known.Guild.ToString();
        options.OnCallRole = Known.OnCall.ToString();
        options.Channels["ops"] = Known.Ops.ToString();
        options.Roles["Read"] = [Known.Reader.ToString()];
        options.Roles["Operate"] = [Known.Operator.ToString()];
        options.Roles["Approve"] = [Known.Approver.ToString()];
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>A gateway session on a clock that stands still, with scripted connections.</summary>
internal sealed class GatewayRig : IDisposable
{
    private readonly TestLoop _loop;
    private readonly CancellationTokenSource _stop = new();

    public GatewayRig(TestLoop loop, MemoryNotes? notes = null)
    {
        _loop = loop;
        Notes = notes ?? new MemoryNotes();
        Health = new DiscordHealth(Time);
        Session = new GatewaySession(
            new DiscordOptions { Token = "secret.token" }, Open, _ => Task.FromResult(Address()), Notes.Notes, Health, Time,
                new HalfRandom(),
            NullLogger<GatewaySession>.Instance);
        Run = Session.RunAsync(Events.Add, _stop.Token);
    }

    public ManualTime Time { get; } = new();

    public MemoryNotes Notes { get; }

    public DiscordHealth Health { get; }

    public GatewaySession Session { get; }

    public Task Run { get; }

    public List<GatewayDispatch> Events { get; } = [];

    public List<ScriptedSocket> Sockets { get; } = [];

    public ScriptedSocket Socket => Sockets[^1];

    public Func<GatewayAddress> Address { get; set; } = () =>
        new GatewayAddress(new Uri("wss://gateway.example/?old=1"), 1000, TimeSpan.Zero);

    public Func<ScriptedSocket> MakeSocket { get; set; } = () => new ScriptedSocket();

    /// <summary>Everything that happens within this time, one timer after the other.</summary>
    public async Task SettleAsync(double seconds = 0)
    {
        await _loop.SettleAsync();
        var end = Time.Elapsed + TimeSpan.FromSeconds(seconds);
        while (Time.Elapsed < end)
        {
            var left = end - Time.Elapsed;
            Time.Advance(Time.UntilNext is { } next && next < left ? next : left);
            await _loop.SettleAsync();
        }
    }

    /// <summary>Hello, identify, READY.</summary>
    public async Task BecomeReadyAsync()
    {
        await SettleAsync();
        Socket.Hello();
        await SettleAsync();
        Socket.Ready();
        await SettleAsync();
    }

    public async Task StopAsync()
    {
        _stop.Cancel();
        await Run;
    }

    public void Dispose() => _stop.Dispose();

    private ScriptedSocket Open()
    {
        Sockets.Add(MakeSocket());
        return Socket;
    }
}

/// <summary>Always the middle.</summary>
internal sealed class HalfRandom : IRandom
{
    public double NextDouble() => 0.5;

    public void NextBytes(Span<byte> bytes) => bytes.Fill(0xAB);
}

using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Observe;
using ScyllaBot.Systemd;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Systemd;

/// <summary>A real datagram socket, as systemd's is.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sd-{Guid.NewGuid():n}");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ManualTime _time = new();
    private readonly Lifetime _lifetime = new();
    private readonly SemaphoreSlim _looked = new(0);
    private readonly Life _vital;
    private volatile bool _isWell = true;

    public SystemdTests()
    {
        _vital = new Life(this);
        _systemd.Bind(new UnixDomainSocketEndPoint(_path));
        _systemd.ReceiveTimeout = 30_000;
    }

    [Fact]
    public async Task It_is_ready_once_everything_has_started_lives_while_engine_and_store_answer_and_says_that_it_stops()
    {
        using var loop = new SystemdLoop(Of(("NOTIFY_SOCKET", _path), ("WATCHDOG_USEC", "30000000"))!, new Vitals([_vital], _time), _lifetime, _time, NullLogger<SystemdLoop>.Instance);
        await loop.StartAsync(default);
        Assert.False(_systemd.Poll(0, SelectMode.SelectRead));
        _lifetime.Started.Cancel();
        Assert.Equal("READY=1", Heard());
        Assert.Equal("WATCHDOG=1", Heard());
        Assert.True(await _looked.WaitAsync(TimeSpan.FromSeconds(30)));
        await TickAsync();
        Assert.Equal("WATCHDOG=1", Heard());

        // Two looks without a sign, and one with: what is heard next is that one, and nothing but the end follows.
        _isWell = false;
        await TickAsync();
        await TickAsync();
        _isWell = true;
        await TickAsync();
        Assert.Equal("WATCHDOG=1", Heard());
        _lifetime.Stopping.Cancel();
        Assert.Equal("STOPPING=1", Heard());
        await loop.StopAsync(default);
    }

    [Fact]
    public async Task Without_a_watchdog_it_is_ready_and_silent()
    {
        using var loop = new SystemdLoop(Of(("NOTIFY_SOCKET", _path))!, new Vitals([_vital], _time), _lifetime, _time, NullLogger<SystemdLoop>.Instance);
        _lifetime.Started.Cancel();
        await loop.StartAsync(default);
        Assert.Equal("READY=1", Heard());
        await loop.StopAsync(default);
        Assert.False(_systemd.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_socket_where_nobody_listens_stops_nothing()
    {
        using var loop = new SystemdLoop(Of(("NOTIFY_SOCKET", _path + "-gone"))!, new Vitals([_vital], _time), _lifetime, _time, NullLogger<SystemdLoop>.Instance);
        _lifetime.Started.Cancel();
        await loop.StartAsync(default);
        await loop.StopAsync(default);
        Assert.False(loop.ExecuteTask!.IsFaulted);
    }

    [Fact]
    public void An_abstract_socket_is_spoken_to_as_well()
    {
        var name = $"sd-{Guid.NewGuid():n}";
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        Of(("NOTIFY_SOCKET", $"@{name}"))!.Send("READY=1");
        var buffer = new byte[100];
        Assert.Equal("READY=1", Encoding.UTF8.GetString(buffer, 0, listener.Receive(buffer)));
    }

    [Fact]
    public void Nobody_wants_to_hear_or_wants_to_hear_another_process()
    {
        Assert.Null(Of());
        Assert.Null(Of(("NOTIFY_SOCKET", "relative")));
        Assert.Null(Of(("NOTIFY_SOCKET", _path), ("WATCHDOG_USEC", "1000000"), ("WATCHDOG_PID", "8"))!.Watchdog);
        Assert.Equal(TimeSpan.FromSeconds(1), Of(("NOTIFY_SOCKET", _path), ("WATCHDOG_USEC", "1000000"), ("WATCHDOG_PID", "7"))!.Watchdog);
        Assert.Null(Of(("NOTIFY_SOCKET", _path), ("WATCHDOG_USEC", "soon"))!.Watchdog);
    }

    public void Dispose()
    {
        _systemd.Dispose();
        _looked.Dispose();
        _lifetime.Dispose();
        File.Delete(_path);
    }

    private static NotifySocket? Of(params (string Name, string Value)[] environment) =>
        NotifySocket.Of(name => environment.FirstOrDefault(e => e.Name == name).Value, process: 7);

    private string Heard()
    {
        var buffer = new byte[200];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }

    /// <summary>Half a period, until the loop has looked.</summary>
    private async Task TickAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.True(await _looked.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private sealed class Life(SystemdTests test) : IVital
    {
        public bool IsLife => true;

        public Task<Vital> LookAsync(CancellationToken ct)
        {
            var vital = new Vital("life", test._isWell ? PartState.Ok : PartState.Failed, "as told");
            test._looked.Release();
            return Task.FromResult(vital);
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopping.Cancel();

        public void Dispose()
        {
            Started.Dispose();
            Stopping.Dispose();
        }
    }
}

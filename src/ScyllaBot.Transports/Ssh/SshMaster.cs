using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Ssh;

/// <summary>One ControlMaster connection. Made on demand, made anew after its death, closed on dispose; it closes itself when idle.</summary>
internal sealed class SshMaster(SshTarget target, SshSettings settings, string folder, int number, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SemaphoreSlim _sessions = new(target.MaxSessions, target.MaxSessions);
    private int _generation;
    private string? _socket;

    public SshSettings Settings => settings;

    public TimeProvider Time => time;

    /// <summary>Room for one more command; sshd refuses what is over its MaxSessions.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        await _sessions.WaitAsync(ct);
        return new Seat(_sessions);
    }

    /// <summary>The control socket of a living connection.</summary>
    /// <exception cref="ExchangeException">No connection.</exception>
    /// <exception cref="RefusedException">Host key or authentication: another try finds the same.</exception>
    public async Task<string> SocketAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_socket is null || !File.Exists(_socket))
            {
                _socket = null;
                _socket = await ConnectAsync(ct);
            }

            return _socket;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>It did not answer: the next call makes a new one.</summary>
    public void Forget(string socket)
    {
        if (Interlocked.CompareExchange(ref _socket, null, socket) == socket)
        {
            File.Delete(socket);
        }
    }

    private const int MostSaid = 16 * 1024;

    /// <summary>Words of a call that goes through the connection, and never opens one of its own.</summary>
    public IEnumerable<string> Through(string socket) =>
        [.. target.Words, "-S", socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=/bin/false", "-o", "LogLevel=ERROR", .. SshSettings.Common];

    public string Host => target.Host;

    /// <summary>What it said of late; sshd's reasons stand only there.</summary>
    public async Task<string> SaidAsync(string socket, CancellationToken ct)
    {
        if (!File.Exists(socket + ".log"))
        {
            return "";
        }

        // Its end: the other side chooses how much stands there.
        await using var log = new FileStream(socket + ".log", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(-Math.Min(log.Length, MostSaid), SeekOrigin.End);
        var end = new byte[MostSaid];
        return System.Text.Encoding.UTF8.GetString(end, 0, await log.ReadAtLeastAsync(end, MostSaid, throwOnEndOfStream: false, ct));
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is { } socket && File.Exists(socket))
        {
            using var exit = ChildProcess.Start(settings.Program, [.. Through(socket), "-O", "exit", "--", target.Host]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            try
            {
                await exit.ExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // It closes itself when idle.
            }
        }

        _one.Dispose();
        _sessions.Dispose();
    }

    private async Task<string> ConnectAsync(CancellationToken ct)
    {
        var socket = Path.Combine(folder, FormattableString.Invariant($"{number}.{++_generation}"));
        using var patience = new CancellationTokenSource(settings.SetUpTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var master = ChildProcess.Start(settings.Program, [.. target.Words, .. MasterWords(socket), "--", target.Host]);
        master.Input.Close();
        var errors = new BoundedOutput(16 * 1024, null);
        // Jump hosts keep our end of this open as long as they live: it is read, not waited for.
        var reading = ReadAsync(master.Errors, errors, both.Token);
        try
        {
            if (await master.ExitAsync(both.Token) == 0 && File.Exists(socket))
            {
                return socket;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, $"ssh {target.Host}: no connection within {settings.SetUpTimeout.TotalSeconds:0} s");
        }

        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(300), time, ct));
        throw Failure(await SaidAsync(socket, ct) + errors);
    }

    private IEnumerable<string> MasterWords(string socket) =>
    [
        .. SshSettings.Common, "-M", "-N", "-S", socket, "-E", socket + ".log", "-o", "ControlMaster=yes", "-o", "LogLevel=INFO",
        "-o", FormattableString.Invariant($"ControlPersist={settings.Idle.TotalSeconds:0}"),
        "-o", FormattableString.Invariant($"ConnectTimeout={settings.ConnectTimeout.TotalSeconds:0}"),
        "-o", FormattableString.Invariant($"ServerAliveInterval={settings.AliveInterval.TotalSeconds:0}"), "-o", "ServerAliveCountMax=3",
    ];

    private Exception Failure(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var last = lines.Length == 0 ? "it ended without a word" : lines[^1];
        if (said.Contains("Host key verification failed", StringComparison.Ordinal))
        {
            var changed = said.Contains("IDENTIFICATION HAS CHANGED", StringComparison.Ordinal);
            return new RefusedException($"ssh {target.Host}: {(changed ? "its host key is not the one on record" : "its host key is not known")}; nothing was sent");
        }

        return said.Contains("Permission denied", StringComparison.Ordinal) || said.Contains("Too many authentication failures", StringComparison.Ordinal)
            ? new RefusedException($"ssh {target.Host}: {last}")
            : new ExchangeException(ExchangeFailure.NotConnected, $"ssh {target.Host}: {last}");
    }

    private static async Task ReadAsync(Stream stream, BoundedOutput into, CancellationToken ct)
    {
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, ct)) > 0)
            {
                into.Add(buffer.AsSpan(0, read));
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // What was said until then is enough.
        }
    }

    private sealed class Seat(SemaphoreSlim seats) : IDisposable
    {
        public void Dispose() => seats.Release();
    }
}

using System.Text.RegularExpressions;

namespace ScyllaBot.Transports.Ssh;

/// <summary>sshd or the port behind it said no before a byte came back.</summary>
internal sealed class StreamNotOpenedException(string message) : IOException(message);

/// <summary>A TCP stream on the far side, carried by an <c>ssh -W</c> process through the host's one connection.</summary>
internal sealed partial class ForwardStream : Stream
{
    private readonly ChildProcess _ssh;
    private readonly SshMaster _master;
    private readonly string _socket;
    private readonly string _to;
    private bool _heard;
    private readonly Lock _once = new();
    private Task<int>? _whyNot;

    private ForwardStream(ChildProcess ssh, SshMaster master, string socket, string to) => (_ssh, _master, _socket, _to) = (ssh, master, socket, to);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The stream is there before sshd has answered; a refusal comes out of the first read, or of a write that it overtook.</summary>
    public static async Task<ForwardStream> OpenAsync(SshMaster master, string host, int port, CancellationToken ct)
    {
        var socket = await master.SocketAsync(ct);
        var to = FormattableString.Invariant($"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host)}:{port}");
        return new ForwardStream(ChildProcess.Start(master.Settings.Program, [.. master.Through(socket), "-W", to, "--", master.Host]), master, socket, to);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _ssh.Output.ReadAsync(buffer, cancellationToken);
        _heard |= read > 0;
        return read > 0 || _heard || buffer.IsEmpty ? read : await WhyNotOnceAsync(cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _ssh.Input.WriteAsync(buffer, cancellationToken);
            await _ssh.Input.FlushAsync(cancellationToken);
        }
        catch (IOException) when (!_heard)
        {
            // ssh was quicker than we: it had its refusal, and ended, before it read the request.
            await WhyNotOnceAsync(cancellationToken);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Each write is flushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ssh.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A reader and a writer may meet the end at once, and ssh says only once why.</summary>
    private Task<int> WhyNotOnceAsync(CancellationToken ct)
    {
        lock (_once)
        {
            return _whyNot ??= WhyNotAsync(ct);
        }
    }

    /// <returns>0, an end like any other, when ssh did open it.</returns>
    private async Task<int> WhyNotAsync(CancellationToken ct)
    {
        using var errors = new StreamReader(_ssh.Errors);
        var said = await errors.ReadToEndAsync(ct);
        if (await _ssh.ExitAsync(ct) != 255)
        {
            return 0;
        }

        if (said.Contains("Stdio forwarding request failed", StringComparison.Ordinal))
        {
            var reason = OpenFailed().Matches(await _master.SaidAsync(_socket, ct)).LastOrDefault()?.Groups["why"].Value ?? "refused";
            throw new StreamNotOpenedException(reason.Contains("prohibited", StringComparison.Ordinal)
                ? $"ssh {_master.Host}: sshd forbids forwarding to {_to}; let it (AllowTcpForwarding local, PermitOpen {_to}) or set transport: ssh_exec"
                : $"ssh {_master.Host}: {_to}: {reason}");
        }

        if (said.Contains("Connection closed by", StringComparison.Ordinal) && !said.Contains("mux_client", StringComparison.Ordinal))
        {
            _master.Forget(_socket);
            throw new StreamNotOpenedException($"ssh {_master.Host}: the connection was gone; the next call makes a new one");
        }

        return 0;
    }

    [GeneratedRegex(@"open failed: (?<why>[^\n]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpenFailed();
}

using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Ssh;

/// <summary>What one session brought back.</summary>
/// <param name="Kind">The frame's last word: <c>exit</c> and what <c>scyllabot-node</c> adds to it.</param>
internal sealed record SessionEnd(string Kind, string Detail, BoundedOutput Output, BoundedOutput Errors);

/// <summary>
/// One framed remote command (ADR 0015). ssh's own exit code is never trusted, since 255 may be the command's:
/// the remote side says how it ended, in a line with a mark of this session, on both streams.
/// </summary>
internal static class SshSession
{
    private const int Refusals = 20;
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromMilliseconds(250);

    /// <param name="master">Through which connection.</param>
    /// <param name="argv">From mark to remote argv; it must frame its streams with the mark.</param>
    /// <param name="stdin">All of its standard input.</param>
    /// <param name="max">Bytes kept of each stream.</param>
    /// <param name="line">Called with each line of both.</param>
    /// <param name="ct">Cancels; the remote side may go on.</param>
    /// <exception cref="ExchangeException">NotConnected: it surely did not run.</exception>
    /// <exception cref="RefusedException">The login shell, sudo or ssh would not.</exception>
    public static async Task<SessionEnd> RunAsync(
        SshMaster master, Func<string, IEnumerable<string>> argv, ReadOnlyMemory<byte> stdin, int max, Action<string>? line, CancellationToken ct)
    {
        using var seat = await master.EnterAsync(ct);
        for (var refused = 0; ; refused++)
        {
            var socket = await master.SocketAsync(ct);
            var (end, exit, begun, said, output) = await OnceAsync(master, socket, argv, stdin, max, line, ct);
            if (end is not null)
            {
                return end;
            }

            if (exit != 255 && !begun)
            {
                throw new RefusedException($"ssh {master.Host}: exit {exit}: {Last(said.Length > 0 ? said : output)}");
            }

            if (!begun && refused < Refusals && IsNoConnection(said))
            {
                master.Forget(socket);
                refused += Refusals / 2;
                continue;
            }

            if (begun || !said.Contains("session request failed: Session open refused by peer", StringComparison.Ordinal))
            {
                throw new ExchangeException(
                    !begun && IsNoConnection(said) ? ExchangeFailure.NotConnected : ExchangeFailure.NoAnswer, $"ssh {master.Host}: the connection broke: {Last(said)}");
            }

            if (refused >= Refusals)
            {
                throw new ExchangeException(ExchangeFailure.NotConnected, $"ssh {master.Host}: sshd allows fewer sessions at once than max_sessions of the inventory");
            }

            await Task.Delay(BetweenRefusals, master.Time, ct);
        }
    }

    // The control socket is stale, or gone: the call fell back to a connection of its own, which is /bin/false.
    private static bool IsNoConnection(string said) =>
        said.Contains("Connection closed by", StringComparison.Ordinal) && !said.Contains("mux_client", StringComparison.Ordinal);

    private static async Task<(SessionEnd? End, int Exit, bool Begun, string Said, string Output)> OnceAsync(
        SshMaster master, string socket, Func<string, IEnumerable<string>> argv, ReadOnlyMemory<byte> stdin, int max, Action<string>? line, CancellationToken ct)
    {
        var mark = $"scyllabot:{Guid.NewGuid():N}";
        using var ssh = ChildProcess.Start(
            master.Settings.Program, [.. master.Through(socket), "--", master.Host, ShellQuote.Line(argv(mark))]);
        var (strayOutput, strayErrors) = (new BoundedOutput(4096, null), new BoundedOutput(4096, null));
        var (output, errors) = (new BoundedOutput(max, line), new BoundedOutput(max, line));
        var (outFrame, errorFrame) = (new FrameReader(mark, output.Add, output.Retract, strayOutput.Add), new FrameReader(mark, errors.Add, errors.Retract, strayErrors.Add));
        var writing = WriteAsync(ssh.Input, stdin, ct);
        try
        {
            await Task.WhenAll(outFrame.ReadAsync(ssh.Output, ct), errorFrame.ReadAsync(ssh.Errors, ct));
        }
        catch (OperationCanceledException)
        {
            output.Complete();
            errors.Complete();
            throw;
        }

        output.Complete();
        errors.Complete();
        if (errorFrame.End is { } end && outFrame.End is not null)
        {
            return (new SessionEnd(end.Kind, end.Detail, output, errors), 0, true, "", "");
        }

        var exit = await ssh.ExitAsync(ct);
        await writing;
        var begun = outFrame.HasBegun || errorFrame.HasBegun;
        return (null, exit, begun, (begun ? errors : strayErrors).ToString(), strayOutput.ToString());
    }

    private static async Task WriteAsync(Stream input, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await input.WriteAsync(bytes, ct);
            input.Close();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It did not want all of it.
        }
    }

    private static string Last(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "without a word" : lines[^1] is { Length: > 300 } last ? last[..300] : lines[^1];
    }
}

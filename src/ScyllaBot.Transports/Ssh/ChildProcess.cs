using System.ComponentModel;
using System.Diagnostics;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Ssh;

/// <summary>A process of ours with all three streams in our hands; it is gone once this is disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    /// <exception cref="ExchangeException">The program can not be started: nothing happened.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        try
        {
            return new ChildProcess(Process.Start(info) ?? throw new ExchangeException(ExchangeFailure.NotConnected, $"{program} did not start"));
        }
        catch (Win32Exception missing)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, $"{program} can not be started: {missing.Message}", missing);
        }
    }

    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        _process.Dispose();
    }
}

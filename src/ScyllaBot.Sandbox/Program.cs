using System.Runtime.InteropServices;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox;

/// <summary>The sandbox as a program; also for a program that carries it inside.</summary>
public static class SandboxProgram
{
    /// <param name="args">As on its command line, the first word is all or node.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> Main(string[] args) => args is ["node", ..] ? NodeAsync(args) : AllAsync(args);

    private static async Task<int> AllAsync(string[] args)
    {
        if (CommandLine.Parse(args, out var error) is not { } options)
        {
            await Console.Error.WriteLineAsync($"{error}\n{CommandLine.Usage}");
            return 2;
        }

        await using var host = SandboxHost.Build(options, TimeProvider.System);
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Told to end before it was up: a SIGTERM, or a parent already gone.
            return 0;
        }

        ReadyLine.Write(host.Url, options.ReadyFile);
        await host.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>One node of a cluster of processes: SIGTERM drains and ends it with 0, SIGHUP has it read its configuration again.</summary>
    private static async Task<int> NodeAsync(string[] args)
    {
        if (CommandLine.ParseNode(args, out var error) is not { } options)
        {
            await Console.Error.WriteLineAsync($"{error}\n{CommandLine.Usage}");
            return 2;
        }

        await using var host = new PeerHost(options, Console.Out);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            host.Terminate();
        });
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            host.Reload();
        });
        await host.StartAsync(CancellationToken.None);
        return await host.Ended;
    }
}

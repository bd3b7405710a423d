using System.Runtime.InteropServices;

namespace Scyllactl;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Once);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Once);
        return await CommandLine.RunAsync(args, Surroundings.OfProcess(), stop.Token);

        // The first asks the verb to end well, the second ends the program.
        void Once(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}

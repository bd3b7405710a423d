namespace ScyllaBot.Sandbox;

internal static class Program
{
    public static async Task<int> Main(string[] args)
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
}

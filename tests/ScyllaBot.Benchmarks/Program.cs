namespace ScyllaBot.Benchmarks;

/// <summary><c>dotnet run -c Release --project tests/ScyllaBot.Benchmarks -- VERB</c>; exit code 1 when a target is missed.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["store", .. var rest] => await StoreBenchmark.RunAsync(rest is [var directory] ? directory : Path.GetTempPath()),
        ["engine", .. var rest] => await EngineBenchmark.RunAsync(rest is [var directory] ? directory : Path.GetTempPath()),
        ["availability"] => AvailabilityBenchmark.Run(),
        ["makespan"] => MakespanBenchmark.Run(),
        ["host"] => await HostBenchmark.RunAsync(),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("usage: store [directory] | engine [directory] | availability | makespan | host      (directory: on the disk to measure)");
        return 2;
    }
}

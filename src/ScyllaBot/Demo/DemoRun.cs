using Microsoft.Extensions.Configuration;

namespace ScyllaBot.Demo;

internal static class DemoRun
{
    public static Task<int> RunAsync(HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs) => Task.FromResult(0);
}

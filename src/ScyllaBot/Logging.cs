using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Events;

namespace ScyllaBot;

/// <summary>Serilog to console and file. The console of the demo is the demo's own.</summary>
internal static class Logging
{
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {JobId} {Step} {Node} {Message:lj}{NewLine}{Exception}";
    private const long MaxFileBytes = 20 * 1024 * 1024;
    private const int KeptFiles = 14;

    public static Serilog.Core.Logger Create(IConfiguration configuration, bool console)
    {
        var level = Enum.TryParse<LogEventLevel>(configuration["Logs:Level"], out var parsed) ? parsed : LogEventLevel.Information;
        var logs = new LoggerConfiguration().MinimumLevel.Is(level).MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .ReadFrom.Configuration(configuration)
            .WriteTo.File(
                configuration["Logs:Path"] ?? "logs/scyllabot-.log", outputTemplate: Template, rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles);
        return (console ? logs.WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}") : logs).CreateLogger();
    }
}

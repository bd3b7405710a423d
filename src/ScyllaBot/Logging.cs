using System.Text;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Sinks.File;

namespace ScyllaBot;

/// <summary>Serilog to console and file, without secrets. The console of the demo is the demo's own.</summary>
internal static class Logging
{
    private const string FileTemplate = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {JobId} {Step} {Node} {Message:lj}{NewLine}{Exception}";
    private const string ConsoleTemplate = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const int Megabyte = 1024 * 1024;

    /// <exception cref="StartRefusedException">The settings are wrong.</exception>
    public static Serilog.Core.Logger Create(IConfiguration configuration, bool console)
    {
        var (settings, secrets) = (LogSettings.Of(configuration), LogSecrets.Of(configuration));
        BotFolder.Make(Path.GetDirectoryName(Path.GetFullPath(settings.Path))!);
        var logs = new LoggerConfiguration().MinimumLevel.Is(Enum.Parse<LogEventLevel>(settings.Level)).MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .ReadFrom.Configuration(configuration)
            .WriteTo.File(
                Format(settings, FileTemplate, secrets), settings.Path, rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: (long)settings.MaxFileMegabytes * Megabyte, rollOnFileSizeLimit: true, retainedFileCountLimit: settings.KeepFiles,
                hooks: new TightFiles());
        return (console ? logs.WriteTo.Console(Format(settings, ConsoleTemplate, secrets)) : logs).CreateLogger();
    }

    /// <summary>In JSON every property is a member: JobId, Step, Node and Operator of whatever a job says.</summary>
    private static LineWithoutSecrets Format(LogSettings settings, string template, LogSecrets secrets) =>
        new(settings.IsJson ? new JsonFormatter(renderMessage: true) : new MessageTemplateTextFormatter(template), secrets);

    /// <summary>Every file, when it is begun and when it is gone on with.</summary>
    private sealed class TightFiles : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            BotFolder.Tighten(path);
            return underlyingStream;
        }
    }

    private sealed class LineWithoutSecrets(ITextFormatter line, LogSecrets secrets) : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            using var whole = new StringWriter();
            line.Format(BriefError.In(logEvent), whole);
            output.Write(secrets.Without(whole.ToString()));
        }
    }
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Serilog.Events;

namespace ScyllaBot;

/// <summary>Section <c>Logs</c>: the log of the process. What jobs said is kept by job as well, beside the database.</summary>
internal sealed record LogSettings
{
    /// <value>Default <c>logs/scyllabot-.log</c>; the day comes before the ending.</value>
    [Required]
    public string Path { get; init; } = "logs/scyllabot-.log";

    [EnumDataType(typeof(LogEventLevel), ErrorMessage = "Logs:Level must be Verbose, Debug, Information, Warning, Error or Fatal")]
    public string Level { get; init; } = nameof(LogEventLevel.Information);

    /// <value><c>text</c> (default), or <c>json</c>: an object a line, in the file and on the console.</value>
    [RegularExpression("text|json", ErrorMessage = "Logs:Format must be text or json")]
    public string Format { get; init; } = "text";

    /// <value>Default 14: files that are kept; older ones are removed.</value>
    [Range(1, 10_000)]
    public int KeepFiles { get; init; } = 14;

    /// <value>Default 20: a file that grows beyond is followed by another of the same day.</value>
    [Range(1, 10_000)]
    public int MaxFileMegabytes { get; init; } = 20;

    public bool IsJson => Format == "json";

    /// <exception cref="StartRefusedException">Everything that is wrong with it.</exception>
    public static LogSettings Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Logs");
        try
        {
            var settings = section.Get<LogSettings>() ?? new LogSettings();
            var wrong = new List<ValidationResult>(SettingNames.UnknownLogs(section).Select(u => new ValidationResult(u)));
            Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, validateAllProperties: true);
            return wrong.Count == 0 ? settings
                : throw new StartRefusedException($"The configuration, section Logs, is wrong: {string.Join("; ", wrong.Select(w => w.ErrorMessage))}");
        }
        catch (InvalidOperationException unreadable)
        {
            throw new StartRefusedException($"The configuration can not be read: {unreadable.Message}");
        }
    }
}

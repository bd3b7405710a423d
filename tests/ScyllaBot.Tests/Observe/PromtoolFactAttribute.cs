using System.Diagnostics;

namespace ScyllaBot.Tests.Observe;

/// <summary>Needs Prometheus' own checker; .ci/run installs it.</summary>
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        if (Promtool.Path is null)
        {
            Skip = "promtool is not installed (apt-get install prometheus)";
        }
    }
}

/// <summary>Prometheus' own checker, in a process.</summary>
internal static class Promtool
{
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);

    /// <returns>Exit code and everything it said.</returns>
    public static async Task<(int Code, string Said)> RunAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}

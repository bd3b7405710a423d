using System.Diagnostics;

namespace ScyllaBot.Tests;

/// <summary>The program as somebody types it, in a folder of their own; it ends by itself.</summary>
internal static class BotProgram
{
    /// <param name="folder">Where it is run from.</param>
    /// <param name="variables">Of its environment; null: not set.</param>
    /// <param name="args">Its words.</param>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(string folder, (string Name, string? Value)[] variables, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScyllaBot.dll"), .. args])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var program = Process.Start(start)!;
        var output = program.StandardOutput.ReadToEndAsync();
        var errors = program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode, await output, await errors);
    }
}

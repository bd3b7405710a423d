using System.Diagnostics;
using System.Text.Json;

namespace ScyllaBot.Sandbox.Tests;

/// <summary>The executable itself: what it prints, and that it goes when it is told to.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Prints_one_line_of_json_writes_the_same_to_the_ready_file_and_ends_with_its_parent()
    {
        var readyFile = Path.Combine(Path.GetTempPath(), $"scyllabot-ready-{Guid.NewGuid():N}");
        using var parent = Start("--version", []);
        using var sandbox = Start(typeof(SandboxHost).Assembly.Location, ["all", "--ready-file", readyFile, "--exit-with", $"{Environment.ProcessId}"]);
        using var orphan = Start(typeof(SandboxHost).Assembly.Location, ["all", "--exit-with", $"{parent.Id}"]);
        try
        {
            var line = await sandbox.StandardOutput.ReadLineAsync();
            Assert.Equal(line + "\n", await File.ReadAllTextAsync(readyFile));
            var ready = JsonSerializer.Deserialize<Dictionary<string, string>>(line!)!;
            Assert.Equal(["clock", "discord_api", "inventory", "page", "token"], ready.Keys.Order());
            using var http = new HttpClient();
            Assert.StartsWith("clusters:\n", await http.GetStringAsync(ready["inventory"]), StringComparison.Ordinal);

            await orphan.WaitForExitAsync();
            Assert.Equal(0, orphan.ExitCode);
            Assert.False(sandbox.HasExited);
        }
        finally
        {
            File.Delete(readyFile);
            foreach (var process in new[] { sandbox, orphan })
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }

        Assert.Equal("", await sandbox.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task A_bad_command_line_ends_with_2_and_the_usage_on_standard_error()
    {
        using var process = Start(typeof(SandboxHost).Assembly.Location, ["everything"]);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("--ready-file", error, StringComparison.Ordinal);
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}

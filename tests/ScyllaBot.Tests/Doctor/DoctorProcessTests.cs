using System.Diagnostics;
using System.Text.Json;
using ScyllaBot.Doctor;

namespace ScyllaBot.Tests.Doctor;

/// <summary>The program as somebody types it.</summary>
public sealed class DoctorProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_looks_also_where_the_configuration_is_no_JSON_and_ends_with_1()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), "{ \"ScyllaBot\": ");

        var (exit, output, _) = await RunAsync("--output", "json");

        Assert.Equal(1, exit);
        using var json = JsonDocument.Parse(output);
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        var broken = findings.Single(f => f.GetProperty("level").GetString() == "broken");
        Assert.Equal("settings", broken.GetProperty("check").GetString());
        Assert.Contains("appsettings.json", broken.GetProperty("seen").GetString(), StringComparison.Ordinal);
        Assert.Equal("correct the file: it must be JSON", broken.GetProperty("remedy").GetString());
        Assert.Contains(findings, f => f.GetProperty("check").GetString() == "workflows" && f.GetProperty("level").GetString() == "ok");
        Assert.False(json.RootElement.GetProperty("isWell").GetBoolean());
    }

    [Fact]
    public async Task Warnings_alone_end_with_0_and_nothing_is_made_in_the_folder()
    {
        var (exit, output, errors) = await RunAsync();

        Assert.Equal(0, exit);
        Assert.Contains("! settings         neither an inventory nor a Discord token is configured", output, StringComparison.Ordinal);
        Assert.Contains("0 broken, 1 to know", output, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--output", "yaml")]
    [InlineData("--cluster")]
    [InlineData("--no-such-thing")]
    public async Task Wrong_words_end_with_2(params string[] args) => Assert.Equal(2, (await RunAsync(args)).Exit);

    [Fact]
    public void Every_option_is_read()
    {
        var (read, error) = DoctorArguments.Parse(["--cluster", "one", "--output", "json", "--print-sudoers", "--state", "/s", "--workflows", "/w"]);

        Assert.Null(error);
        Assert.Equal(new DoctorArguments { Cluster = "one", IsJson = true, PrintSudoers = true, Host = new HostArguments { State = "/s", Workflows = "/w" } }, read);
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScyllaBot.dll"), "doctor", .. args])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var program = Process.Start(start)!;
        var output = program.StandardOutput.ReadToEndAsync();
        var errors = program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode, await output, await errors);
    }
}

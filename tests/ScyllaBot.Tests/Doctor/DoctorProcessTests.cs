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

    [Theory]
    [InlineData(null, "Production")]
    [InlineData("Staging", "Staging")]
    public async Task The_file_of_its_environment_is_read_also_where_another_file_is_no_JSON(string? environment, string file)
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), "{ \"ScyllaBot\": ");
        File.WriteAllText(Path.Combine(_folder, $"appsettings.{file}.json"), """{ "ScyllaBot": { "Workflows": "nowhere" } }""");

        var (exit, output, _) = await RunAsync([("DOTNET_ENVIRONMENT", environment)], "--output", "json");

        Assert.Equal(1, exit);
        using var json = JsonDocument.Parse(output);
        var workflows = json.RootElement.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("check").GetString() == "workflows");
        Assert.Equal("broken", workflows.GetProperty("level").GetString());
        Assert.Contains("nowhere", workflows.GetProperty("seen").GetString(), StringComparison.Ordinal);
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

    private Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args) => RunAsync([], args);

    private Task<(int Exit, string Output, string Errors)> RunAsync((string Name, string? Value)[] variables, params string[] args) =>
        BotProgram.RunAsync(_folder, variables, ["doctor", .. args]);
}

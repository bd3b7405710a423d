namespace ScyllaBot.Tests;

/// <summary>However a command ends, its exit code says whether to try again, and nothing it says quotes a secret.</summary>
public sealed class BotExitTests : IDisposable
{
    private const string Token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB";
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-exit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whatever_nobody_foresaw_ends_with_1_and_without_the_secrets_it_quotes()
    {
        using var errors = new StringWriter();

        var exit = await BotExit.OfAsync(() => throw new InvalidOperationException($"GET with {Token}"), errors);

        Assert.Equal(1, exit);
        Assert.Contains("ScyllaBot died: System.InvalidOperationException: GET with [hidden]", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MTIzNDU2Nzg5", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_ends_with_2_and_no_stack()
    {
        using var errors = new StringWriter();

        Assert.Equal(2, await BotExit.OfAsync(() => throw new StartRefusedException($"no file {Token}"), errors));
        Assert.Equal($"ScyllaBot does not start: no file [hidden]{Environment.NewLine}", errors.ToString());
    }

    [Fact]
    public async Task The_program_itself_refuses_a_configuration_that_it_may_not_read()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "appsettings.Production.json"), Path.Combine(_folder, "appsettings.Production.json"));

        var (exit, _, errors) = await BotProgram.RunAsync(_folder, [("DOTNET_ENVIRONMENT", null)], []);

        Assert.Equal((2, false), (exit, errors.Contains("   at ", StringComparison.Ordinal)));
    }
}

using Microsoft.Extensions.Configuration;
using ScyllaBot.Control;
using ScyllaBot.Real;

namespace ScyllaBot.Tests;

/// <summary>A secret that was put where the path of its file belongs is not printed.</summary>
public sealed class MisplacedSecretTests : IDisposable
{
    private const string Token = "MTA5ODc2NTQzMjEwOTg3NjU0Mw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB";

    private const string Inventory = """
        clusters:
          - name: messages
            environment: staging
            mode: observe
            nodes:
              - {name: a, address: 127.0.0.1, host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, dc: d, rack: r, api: "http://127.0.0.1:1", metrics: "http://127.0.0.1:1/metrics", commands: "http://127.0.0.1:1/exec"}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("misplaced-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Token)]
    [InlineData("q8Zr2Lk0Xw7Vb5Nc3Md1Tj9")]
    [InlineData("./MTA5ODc2NTQzMjEwOTg3NjU0Mw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB")]
    public void A_token_in_place_of_its_files_path_is_refused_without_being_said(string secret)
    {
        var discord = Of(("TokenFile", secret)).GetSection("ScyllaBot:Discord");

        string[] refusals = [Assert.Throws<StartRefusedException>(() => RealStart.TokenOf(discord)).Message, Assert.Throws<StartRefusedException>(() => ControlTokens.Read(secret)).Message];

        Assert.All(refusals, r => Assert.DoesNotContain(secret, r, StringComparison.Ordinal));
        Assert.All(refusals, r => Assert.Contains("this looks like a token. TokenFile wants the path of a file that holds it", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere/discord.token")]
    [InlineData("/etc/scyllabot/discord.token")]
    [InlineData("discord-token-of-2026.txt")]
    [InlineData("Secrets/ScyllaBot/token")]
    public void A_path_is_said_so_that_it_can_be_mended(string path) => Assert.Contains(
        path, Assert.Throws<StartRefusedException>(() => RealStart.TokenOf(Of(("TokenFile", path)).GetSection("ScyllaBot:Discord"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_there_may_be_called_as_one_likes()
    {
        var path = Path.Combine(_folder, "q8Zr2Lk0Xw7Vb5Nc3Md1Tj9");
        File.WriteAllText(path, Token);

        Assert.Equal(Token, RealStart.TokenOf(Of(("TokenFile", path)).GetSection("ScyllaBot:Discord")));
    }

    [Theory]
    [InlineData("ScyllaBot__Discord__TokenFile", Token)]
    [InlineData("ScyllaBot__Discord__ApiBase", $"http://example.org/{Token}")]
    [InlineData("ScyllaBot__Control__ChatIds__alice", Token)]
    [InlineData("ScyllaBot__MaxDisruptiveJobs", Token)]
    [InlineData("ScyllaBot__Calls__Pager", $"file:/{Token}")]
    public async Task The_program_prints_no_token_whichever_setting_it_was_put_into_nor_does_the_doctor(string name, string value)
    {
        File.WriteAllText(Path.Combine(_folder, "inventory.yaml"), Inventory);
        File.WriteAllText(Path.Combine(_folder, "token"), "not.a.token");
        var file = name.EndsWith("Pager", StringComparison.Ordinal) ? "/nowhere/token" : "token";
        (string, string?)[] variables = [("ScyllaBot__Inventory", "inventory.yaml"), ("ScyllaBot__Discord__TokenFile", file), (name, value)];

        var start = await BotProgram.RunAsync(_folder, variables, []);
        var doctor = await BotProgram.RunAsync(_folder, variables, ["doctor"]);

        Assert.Equal((2, 1), (start.Exit, doctor.Exit));
        Assert.Contains("ScyllaBot does not start", start.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, start.Output + start.Errors + doctor.Output + doctor.Errors, StringComparison.Ordinal);
        Assert.Equal(name.EndsWith("TokenFile", StringComparison.Ordinal), doctor.Output.Contains("this looks like a token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_section_of_Discord_without_a_guild_is_a_refused_start_and_no_crash()
    {
        File.WriteAllText(Path.Combine(_folder, "inventory.yaml"), Inventory);
        File.WriteAllText(Path.Combine(_folder, "token"), "not.a.token");

        var start = await BotProgram.RunAsync(_folder, [("ScyllaBot__Inventory", "inventory.yaml"), ("ScyllaBot__Discord__TokenFile", "token")], []);

        Assert.Equal(2, start.Exit);
        Assert.Contains("section ScyllaBot:Discord, is wrong: ", start.Errors, StringComparison.Ordinal);
        Assert.Contains("GuildId", start.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Errors, StringComparison.Ordinal);
    }

    private static IConfiguration Of(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => KeyValuePair.Create($"ScyllaBot:Discord:{v.Key}", (string?)v.Value))).Build();
}

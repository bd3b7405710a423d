using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd;

/// <summary>A bot that must not start says why, with an exit code of its own, and leaves what it found as it was.</summary>
public sealed class RefusedStartTests(Bed bed) : IClassFixture<Bed>
{
    [Fact]
    public async Task A_second_bot_on_the_same_database_is_refused_and_the_first_goes_on()
    {
        var before = await bed.StateAsync();
        await using var second = bed.Host.Another();

        var exit = await second.ExitAsync(Patience.Start);

        Assert.Equal(3, exit);
        Assert.Contains("scyllabot.db is in use", second.Errors);
        Assert.Contains("stop that one or configure another path", second.Errors);
        Assert.Equal(before, await bed.StateAsync());
    }

    [Fact]
    public async Task A_damaged_database_is_refused_and_left_as_it_was()
    {
        using var files = new Scratch();
        var folder = Directory.CreateDirectory(Path.Combine(files["state"], "sandbox")).FullName;
        var database = Path.Combine(folder, "scyllabot.db");
        var damaged = new byte[16_384];
        new Random(1).NextBytes(damaged);
        await File.WriteAllBytesAsync(database, damaged);
        await using var bot = BuiltProgram.Start(
            "ScyllaBot", files.Folder, "--sandbox-url", bed.Sandbox.Address.Page.ToString(), "--state", files["state"],
            "--workflows", files.Workflows());

        var exit = await bot.ExitAsync(Patience.Start);

        Assert.Equal(3, exit);
        Assert.Contains("is damaged", bot.Errors);
        Assert.Contains("Restore a backup over it", bot.Errors);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(database));
    }

    [Theory]
    [InlineData("--sped", "3", "unknown argument --sped. --help explains.")]
    [InlineData("--sandbox-url", "http://127.0.0.1:1", "There is no sandbox at http://127.0.0.1:1/")]
    [InlineData("--workflows", "nowhere", "There is no workflow folder nowhere: set ScyllaBot:Workflows or --workflows.")]
    public async Task Wrong_arguments_are_named(string option, string value, string says)
    {
        using var files = new Scratch();
        await using var bot = BuiltProgram.Start("ScyllaBot", files.Folder, option, value);

        var exit = await bot.ExitAsync(Patience.Start);

        Assert.Equal(2, exit);
        Assert.Contains(says, bot.Errors);
        Assert.False(Directory.Exists(files["state"]));
    }

    [Theory]
    [InlineData("{ \"ScyllaBot\": ", "appsettings.json")]
    [InlineData("{ \"ScyllaBot\": { \"ResumeOnStart\": \"never\", \"Sandbox\": { \"Speed\": 0 } } }", "ResumeOnStart")]
    public async Task A_wrong_configuration_is_named(string configuration, string says)
    {
        using var files = new Scratch();
        await File.WriteAllTextAsync(files["appsettings.json"], configuration);
        await using var bot = BuiltProgram.Start("ScyllaBot", files.Folder);

        var exit = await bot.ExitAsync(Patience.Start);

        Assert.Equal(2, exit);
        Assert.Contains("ScyllaBot does not start: ", bot.Errors);
        Assert.Contains(says, bot.Errors);
        Assert.False(Directory.Exists(files["state"]));
    }
}

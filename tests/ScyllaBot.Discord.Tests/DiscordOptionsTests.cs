using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ScyllaBot.Discord.Tests;

public sealed class DiscordOptionsTests
{
    [Fact]
    public void Are_read_from_configuration()
    {
        var options = Read(new()
        {
            ["Token"] = "t", ["GuildId"] = "5", ["ApiBase"] = "http://127.0.0.1:1/api", ["OnCallRole"] = "9",
            ["Channels:ops"] = "10", ["Roles:operate:0"] = "20", ["Roles:operate:1"] = "21",
        });
        var roles = new RoleBook(options);

        Assert.Equal("10", options.Channels["OPS"]);
        Assert.Equal(Rights.Read | Rights.Operate, roles.Rights(["21"]));
        Assert.Equal(Rights.None, roles.Rights(["22"]));
        Assert.Equal(["9"], roles.Ids("On-Call"));
        Assert.Equal("DiscordBot (https://scyllabot.invalid, 0.1)", options.UserAgent);
    }

    [Theory]
    [InlineData("", "5")]
    [InlineData("t", "")]
    [InlineData("t", "my guild")]
    public void A_missing_token_or_guild_is_a_refused_start(string token, string guild) =>
        Assert.Throws<OptionsValidationException>(() => Read(new() { ["Token"] = token, ["GuildId"] = guild }));

    private static DiscordOptions Read(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddDiscord(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<DiscordOptions>();
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Ports;
using ScyllaBot.Demo;
using ScyllaBot.Discord;
using ScyllaBot.Discord.Rest;
using Serilog.Extensions.Logging;

namespace ScyllaBot.Tests;

/// <summary>A network that is away is told in words.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outage-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void What_a_network_does_is_logged_without_a_stack_and_what_our_code_does_with_one(string format)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("Logs:Path", (string?)Path.Combine(_folder, "bot-.log")), KeyValuePair.Create("Logs:Format", (string?)format)]).Build();
        using (var logs = Logging.Create(configuration, console: false))
        using (var factory = new SerilogLoggerFactory(logs))
        {
            var log = factory.CreateLogger("test");
            log.LogError(Thrown(new DiscordException(
                DiscordFailure.Unavailable, 0, 0, "GET /users/@me: no connection", new ExchangeException(ExchangeFailure.NotConnected, "no connection", new SocketException(111)))), "The card was not written");
            log.LogError(Thrown(new InvalidOperationException("ours")), "A fault");
        }

        var lines = Directory.GetFiles(_folder).SelectMany(File.ReadAllLines).ToList();
        var away = lines.FindIndex(l => l.Contains("The card was not written", StringComparison.Ordinal));
        var ours = lines.FindIndex(l => l.Contains("A fault", StringComparison.Ordinal));
        Assert.DoesNotContain(lines[away..ours], l => l.Contains("   at ", StringComparison.Ordinal));
        Assert.Contains(lines[away..ours], l => l.Contains("GET /users/@me: no connection: Connection refused", StringComparison.Ordinal));
        Assert.Contains(lines[ours..], l => l.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_banner_does_not_send_anybody_to_a_Discord_that_is_not_there()
    {
        var health = new DiscordHealth(TimeProvider.System);
        health.Fatal("Discord refuses the bot's token (401)");
        var dead = await Program.ChatLineAsync(health);

        var well = new DiscordHealth(TimeProvider.System);
        well.Connected();

        Assert.DoesNotContain("/scp help", dead, StringComparison.Ordinal);
        Assert.Contains("Discord refuses the bot's token (401)", dead, StringComparison.Ordinal);
        Assert.Equal("Type /scp help in Discord.", await Program.ChatLineAsync(well));
    }

    [Theory]
    [InlineData(false, true, false, 0)]
    [InlineData(false, false, false, 1)]
    [InlineData(false, true, true, 1)]
    [InlineData(true, false, true, 1)]
    [InlineData(true, false, false, 4)]
    public void A_demo_that_was_stuck_neither_passed_nor_failed(bool isStuck, bool isHealthy, bool isLost, int exit)
    {
        Assert.Equal(exit, DemoRun.ExitOf(isStuck, isHealthy, isLost));
        Assert.Contains("4 the demo was stuck", HostArguments.Usage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1 cluster")]
    [InlineData(2, "2 clusters")]
    [InlineData(0, "0 clusters")]
    public void One_is_not_many(int number, string said) => Assert.Equal(said, Counted.Of(number, "cluster"));

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }
}

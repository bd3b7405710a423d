using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests;

/// <summary>An outage of hours is a line of the log, not one of every minute with a stack.</summary>
public sealed class OutageLogTests
{
    [Fact]
    public async Task A_Discord_that_is_away_is_told_once_in_words_however_often_it_is_tried()
    {
        var time = new ManualTime();
        var rest = new FakeRest(time);
        var calls = 0;
        rest.Answer = _ => Interlocked.Increment(ref calls) <= 8
            ? throw new ExchangeException(ExchangeFailure.NotConnected, "no connection: Connection refused (discord.com:443)")
            : throw new ExchangeException(ExchangeFailure.TimedOut, "no answer within 10 s");
        var said = new Said();
        var health = new DiscordHealth(time);

        // Nothing but the first call is ever made, so nothing else of the bot is needed.
        using var bot = new DiscordBot(rest.Api(health), new DiscordOptions(), null!, null!, null!, null!, null!, health, time, new HalfRandom(), said);
        await bot.StartAsync(CancellationToken.None);
        while (Volatile.Read(ref calls) < 20)
        {
            if (time.UntilNext is { } next)
            {
                time.Advance(next);
            }

            await Task.Yield();
        }

        await bot.StopAsync(CancellationToken.None);
        var (line, error) = Assert.Single(said.Lines);
        Assert.Null(error);
        Assert.Contains("Discord (discord.com) can not be reached: ", line, StringComparison.Ordinal);
        Assert.Contains("no connection: Connection refused (discord.com:443). Jobs go on without chat", line, StringComparison.Ordinal);
    }

    private sealed class Said : ILogger<DiscordBot>
    {
        public ConcurrentQueue<(string Line, Exception? Error)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((formatter(state, exception), exception));
    }
}

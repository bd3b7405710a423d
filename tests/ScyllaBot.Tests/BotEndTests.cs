using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ScyllaBot.Tests;

/// <summary>A loop that dies takes the bot with it, and the exit code says so.</summary>
public sealed class BotEndTests
{
    [Fact]
    public async Task A_loop_that_broke_is_a_death() => Assert.True(await DiesAsync(_ => throw new InvalidOperationException("a mistake of ours")));

    [Fact]
    public async Task One_that_somebody_elses_cancellation_ended_is_a_death_too() =>
        Assert.True(await DiesAsync(_ => throw new TaskCanceledException("the request timed out")));

    [Fact]
    public async Task One_that_has_nothing_more_to_do_is_none_nor_are_those_that_are_stopped()
    {
        using var host = Host(_ => Task.CompletedTask, ct => Task.Delay(Timeout.InfiniteTimeSpan, ct), async ct =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct).ContinueWith(_ => throw new ObjectDisposedException("a part"), TaskScheduler.Default);
        });
        await host.StartAsync();
        var ended = BotEnd.WaitAsync(host);
        Assert.False(ended.IsCompleted);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.False(await ended);
    }

    private static async Task<bool> DiesAsync(Func<CancellationToken, Task> loop)
    {
        var begin = new TaskCompletionSource();
        using var host = Host(async ct =>
        {
            await begin.Task;
            await loop(ct);
        });
        await host.StartAsync();
        var ended = BotEnd.WaitAsync(host);
        begin.SetResult();
        return await ended;
    }

    private static IHost Host(params Func<CancellationToken, Task>[] loops)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        foreach (var loop in loops)
        {
            builder.Services.AddSingleton<IHostedService>(new Loop(loop));
        }

        return builder.Build();
    }

    private sealed class Loop(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }
}

using System.Net;
using System.Text.Json;
using ScyllaBot.Demo;

namespace ScyllaBot.Tests;

/// <summary>A demo on a machine that is too slow is stuck, which is told from one that was stopped.</summary>
public sealed class DemoSceneTests
{
    [Fact]
    public async Task Commands_that_do_not_come_in_time_are_a_demo_that_is_stuck()
    {
        using var http = new HttpClient(new NoCommands());

        var stuck = await Assert.ThrowsAsync<TimeoutException>(() => Scene(http).WaitForCommandsAsync(TimeSpan.FromMilliseconds(1), default));

        Assert.Contains("commands", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_stopped_is_not_stuck()
    {
        using var http = new HttpClient(new NoCommands());
        using var end = new CancellationTokenSource();
        var waiting = Scene(http).WaitForCommandsAsync(TimeSpan.FromMinutes(10), end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static DemoScene Scene(HttpClient http) => new(http, new Uri("http://sandbox"), default(JsonElement));

    private sealed class NoCommands : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{ "commands": [] }""") });
    }
}

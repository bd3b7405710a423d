using System.Text;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Tests.Discord.Support;

namespace ScyllaBot.Sandbox.Tests.Discord;

/// <summary>The front door and its rates: facts A1 and B.</summary>
public sealed class LimitTests
{
    private static readonly string Messages = $"channels/{Known.Ops}/messages";

    [Fact]
    public async Task Tells_the_bucket_and_refuses_the_sixth_post_in_five_seconds()
    {
        await using var host = await EmulatorHost.StartAsync();
        for (var left = 4; left >= 0; left--)
        {
            var posted = await PostAsync(host, Messages);
            Assert.Equal(("5", $"{left}"), (posted.Headers["X-RateLimit-Limit"], posted.Headers["X-RateLimit-Remaining"]));
            Assert.Equal("5.000", posted.Headers["X-RateLimit-Reset-After"]);
        }

        host.Time.Advance(TimeSpan.FromSeconds(1.5));
        var refused = await PostAsync(host, Messages);
        Assert.Equal(429, refused.Status);
        Assert.Equal(3.5, (double)refused.Body!["retry_after"]!);
        Assert.False((bool)refused.Body["global"]!);
        Assert.Equal(
            ("4", "user", "0"),
            (refused.Headers["Retry-After"], refused.Headers["X-RateLimit-Scope"], refused.Headers["X-RateLimit-Remaining"])
        );
        Assert.Equal(200, (await PostAsync(host, $"channels/{Known.Staging}/messages")).Status);
        host.Time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(200, (await PostAsync(host, Messages)).Status);
    }

    [Fact]
    public async Task Counts_fifty_a_second_over_all_routes_but_no_callbacks()
    {
        await using var host = await EmulatorHost.StartAsync(options => options.GlobalPerSecond = 3);
        using var bot = await host.OnlineAsync();
        var interaction = await InteractionTests.AskAsync(host, bot);
        await PostAsync(host, Messages);
        await PostAsync(host, Messages);
        var refused = await PostAsync(host, Messages);
        Assert.Equal((429, true, "global"), (refused.Status, (bool)refused.Body!["global"]!, refused.Headers["X-RateLimit-Scope"]));
        Assert.Equal("true", refused.Headers["X-RateLimit-Global"]);
        Assert.Equal(204, (await host.Bot.CallbackAsync(interaction, 5)).Status);
    }

    [Fact]
    public async Task Lets_messages_older_than_an_hour_be_edited_three_times_in_six_seconds()
    {
        await using var host = await EmulatorHost.StartAsync();
        var card = await PostAsync(host, Messages);
        host.Time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await host.Bot.PatchAsync($"{Messages}/{card.Id}", new JsonObject { ["content"] = $"{i}" })).Status);
        }

        var refused = await host.Bot.PatchAsync($"{Messages}/{card.Id}", new JsonObject { ["content"] = "4" });
        Assert.Equal((429, 30046), (refused.Status, refused.Code));
        Assert.Equal(6, (double)refused.Body!["retry_after"]!);
        host.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, (await host.Bot.PatchAsync($"{Messages}/{card.Id}", new JsonObject { ["content"] = "4" })).Status);
    }

    [Fact]
    public async Task Limits_and_fails_on_order()
    {
        await using var host = await EmulatorHost.StartAsync();
        await host.Human.FaultAsync("rate-limit", new JsonObject { ["seconds"] = 0.4, ["path"] = "/messages" });
        Assert.Equal(200, (await host.Bot.GetAsync("users/@me")).Status);
        Assert.Equal(0.4, (double)(await PostAsync(host, Messages)).Body!["retry_after"]!);
        Assert.Equal(200, (await PostAsync(host, Messages)).Status);
        await host.Human.FaultAsync("rest-500");
        Assert.Equal(500, (await PostAsync(host, Messages)).Status);
        await host.Human.FaultAsync("global-rate-limit", new JsonObject { ["seconds"] = 2 });
        Assert.Equal(429, (await host.Bot.GetAsync("users/@me")).Status);
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await host.Bot.GetAsync("users/@me")).Status);
    }

    [Fact]
    public async Task Knows_its_bot_by_token_and_user_agent()
    {
        await using var host = await EmulatorHost.StartAsync();
        host.Bot.Headers.Authorization = new("Bot", "stolen");
        Assert.Equal(401, (await host.Bot.GetAsync("users/@me")).Status);
        host.Bot.Headers.Authorization = new("Bot", Known.Token);
        host.Bot.Headers.UserAgent.Clear();
        Assert.Equal((403, 40333), await CodeAsync(host.Bot.GetAsync("users/@me")));
        host.Bot.Headers.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64)");
        Assert.Equal((403, 40333), await CodeAsync(host.Bot.GetAsync("users/@me")));
    }

    [Fact]
    public async Task Knows_only_its_own_routes_methods_and_body_types()
    {
        await using var host = await EmulatorHost.StartAsync();
        Assert.Equal((404, 0), await CodeAsync(host.Bot.GetAsync("nowhere")));
        Assert.Equal((405, 0), await CodeAsync(host.Bot.DeleteAsync("users/@me")));
        Assert.Equal(
            (400, 50035),
            await CodeAsync(host.Bot.SendAsync(HttpMethod.Post, Messages, new StringContent("x", Encoding.UTF8, "text/plain")))
        );
        Assert.Equal(
            (400, 50109),
            await CodeAsync(host.Bot.SendAsync(HttpMethod.Post, Messages, new StringContent("{", Encoding.UTF8, "application/json")))
        );
        host.Bot.Headers.ExpectContinue = true;
        var tooLong = new ByteArrayContent(new byte[(26 * 1024 * 1024) + 1]) { Headers = { ContentType = new("application/json") } };
        Assert.Equal((413, 40005), await CodeAsync(host.Bot.SendAsync(HttpMethod.Post, Messages, tooLong)));
    }

    [Fact]
    public async Task Records_what_went_over_the_wire_up_to_its_bound()
    {
        await using var host = await EmulatorHost.StartAsync(options => options.TrafficEntries = 3);
        for (var i = 0; i < 5; i++)
        {
            await PostAsync(host, Messages);
        }

        var log = await host.Human.GetAsync("traffic");
        Assert.Equal("3 4 5", string.Join(' ', log["entries"]!.AsArray().Select(entry => (int)entry!["n"]!)));
        var last = log["entries"]![2]!;
        Assert.Equal(("rest", "POST", 200), ((string)last["kind"]!, (string)last["method"]!, (int)last["status"]!));
        Assert.Equal("text", (string)last["body"]!["content"]!);
        Assert.Empty((await host.Human.GetAsync("traffic?after=5"))["entries"]!.AsArray());
    }

    private static Task<BotReply> PostAsync(EmulatorHost host, string path) =>
        host.Bot.PostAsync(path, new JsonObject { ["content"] = "text" });

    private static async Task<(int Status, int Code)> CodeAsync(Task<BotReply> call)
    {
        var reply = await call;
        return (reply.Status, reply.Code);
    }
}

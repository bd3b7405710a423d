using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>The sandbox's Discord on a loopback port, seen from a human's side.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Emulator(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri ApiBase => new(_http.BaseAddress!, "/api");

    public static async Task<Emulator> StartAsync(Action<DiscordEmulatorOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDiscordEmulator(options =>
        {
            options.IdentifyWindow = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapDiscordEmulator();
        await app.StartAsync();
        return new Emulator(app);
    }

    /// <summary>What this person's client shows from now on.</summary>
    public Task<HumanEyes> WatchAsync(ulong user, CancellationToken ct) => HumanEyes.OpenAsync(_http, user, ct);

    public async Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken ct)
    {
        using var answer = await _http.PostAsJsonAsync($"/page-api/{path}", body, ct);
        var json = (await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!;
        Assert.True(answer.IsSuccessStatusCode, json.ToJsonString());
        return json;
    }

    public Task<JsonObject> CommandAsync(ulong user, string sub, JsonObject options, CancellationToken ct) =>
        PostAsync("command", Command(user, sub, options, null), ct);

    public async Task<string[]> CompleteAsync(ulong user, string sub, string focused, JsonObject options, CancellationToken ct) =>
        [.. (await PostAsync("autocomplete", Command(user, sub, options, focused), ct))["choices"]!.AsArray().Select(c =>
            c!["value"]!.GetValue<string>())];

    public Task<JsonObject> PressAsync(ulong user, string message, string customId, CancellationToken ct) =>
        PostAsync("press", new JsonObject
    {
        ["user"] = user.ToString(), ["channel"] = Known.Ops.ToString(), ["message"] = message, ["custom_id"] = customId,
    }, ct);

    public Task FaultAsync(JsonObject fault, CancellationToken ct) => PostAsync("faults", fault, ct);

    public async Task<ImmutableArray<JsonObject>> TrafficAsync(CancellationToken ct) =>
        [.. (await _http.GetFromJsonAsync<JsonObject>("/page-api/traffic", ct))!["entries"]!.AsArray().Select(e => e!.AsObject())];

    /// <summary>As somebody does who takes the bot's commands away.</summary>
    public async Task WithoutCommandsAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v10/applications/{Known.Application}/guilds/{Known.Guild}/commands")
        {
            Content = JsonContent.Create(new JsonArray()),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bot {Known.Token}");
        request.Headers.TryAddWithoutValidation("User-Agent", "DiscordBot (https://scyllabot.invalid, 0.1)");
        using var answer = await _http.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<JsonObject> GetWorldAsync(CancellationToken ct) => (await _http.GetFromJsonAsync<JsonObject>("/page-api/world", ct))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static JsonObject Command(ulong user, string sub, JsonObject options, string? focused)
    {
        var leaves = new JsonArray();
        foreach (var (name, value) in options)
        {
            var type = value is JsonValue v && v.TryGetValue<bool>(out _) ? 5 : 3;
            var leaf = new JsonObject { ["type"] = type, ["name"] = name, ["value"] = value?.DeepClone() };
            if (name == focused)
            {
                leaf["focused"] = true;
            }

            leaves.Add(leaf);
        }

        return new JsonObject
        {
            ["user"] = user.ToString(), ["channel"] = Known.Ops.ToString(), ["name"] = "scp",
            ["options"] = new JsonArray(new JsonObject { ["type"] = 1, ["name"] = sub, ["options"] = leaves }),
        };
    }
}

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Sandbox.Tests.Discord.Support;

/// <summary>A human at the page.</summary>
internal sealed class HumanClient(string address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address + "/page-api/") };

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;

    /// <summary>Status and answer, whatever they are.</summary>
    public async Task<(int Status, JsonObject Body)> TryPostAsync(string path, JsonObject body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    public async Task<JsonObject> PostAsync(string path, JsonObject body)
    {
        var (status, answer) = await TryPostAsync(path, body);
        Assert.True(status == 200, $"{path}: {status} {answer.ToJsonString()}");
        return answer;
    }

    public Task<JsonObject> CommandAsync(string name, JsonArray? options = null, ulong user = Known.Mara, ulong channel = Known.Ops) =>
        PostAsync(
            "command",
            new JsonObject
            {
                ["user"] = $"{user}",
                ["channel"] = $"{channel}",
                ["name"] = name,
                ["options"] = options,
            }
        );

    public Task<JsonObject> PressAsync(string message, string customId, ulong user = Known.Mara, ulong channel = Known.Ops) =>
        PostAsync(
            "press",
            new JsonObject
            {
                ["user"] = $"{user}",
                ["channel"] = $"{channel}",
                ["message"] = message,
                ["custom_id"] = customId,
            }
        );

    public Task<JsonObject> FaultAsync(string kind, JsonObject? more = null)
    {
        var order = more ?? [];
        order["kind"] = kind;
        return PostAsync("faults", order);
    }

    public async Task<IReadOnlyList<JsonObject>> MessagesAsync(ulong user = Known.Mara, ulong channel = Known.Ops) =>
        [.. (await GetAsync($"messages?channel={channel}&user={user}")).AsArray().Select(message => message!.AsObject())];

    /// <summary>Opens the event stream and returns a reader of its lines; the subscription stands when this returns.</summary>
    public async Task<StreamReader> ListenAsync(ulong user)
    {
        var reader = new StreamReader(await _http.GetStreamAsync($"events?user={user}"));
        Assert.Equal(": connected", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        return reader;
    }

    public void Dispose() => _http.Dispose();
}

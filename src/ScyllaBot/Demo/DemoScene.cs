using System.Net.Http.Json;
using System.Text.Json;

namespace ScyllaBot.Demo;

/// <summary>The people, the faults and the judge of the sandbox, as the demo uses them.</summary>
internal sealed class DemoScene(HttpClient http, Uri page, JsonElement world)
{
    public static async Task<DemoScene> OpenAsync(HttpClient http, Uri page, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(page, "/page-api/world"), ct));
        return new DemoScene(http, page, json.RootElement.Clone());
    }

    public DemoUser User(string name, string channel) => new(http, page, IdOf("users", name), name, IdOf("channels", channel));

    public string NameOf(string id) => world.GetProperty("users").EnumerateArray().Concat(world.GetProperty("roles").EnumerateArray())
        .Where(u => u.GetProperty("id").GetString() == id).Select(u => u.GetProperty("name").GetString()!).FirstOrDefault("ScyllaBot");

    /// <summary>Until the bot's commands are registered.</summary>
    /// <exception cref="TimeoutException">They were not.</exception>
    public async Task WaitForCommandsAsync(TimeSpan patience, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            do
            {
                using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(page, "/page-api/world"), timer.Token));
                if (json.RootElement.GetProperty("commands").GetArrayLength() > 0 && IsOnline(json.RootElement))
                {
                    return;
                }
            }
            while (await ticks.WaitForNextTickAsync(timer.Token));
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"after {patience.TotalSeconds:0} s the bot's commands are not registered", late);
        }
    }

    public async Task InjectAsync(string cluster, string node, string kind, int count, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(page, "/sandbox/faults"), new { cluster, node, kind, count, seconds = 60 }, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task LiftAsync(CancellationToken ct)
    {
        using var answer = await http.DeleteAsync(new Uri(page, "/sandbox/faults"), ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<JsonElement> VerdictAsync(string cluster, CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(page, $"/oracle/verdict?cluster={cluster}"), ct));
        return json.RootElement.Clone();
    }

    // Commands may be registered from an earlier life; what counts is that somebody listens.
    private static bool IsOnline(JsonElement world) => !world.TryGetProperty("bot_online", out var online) || online.GetBoolean();

    private string IdOf(string list, string name) => world.GetProperty(list).EnumerateArray()
        .First(e => e.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
}

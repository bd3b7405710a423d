using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScyllaBot.Demo;

/// <summary>A person at the sandbox's Discord, by the same page API that a browser uses.</summary>
internal sealed class DemoUser(HttpClient http, Uri page, string id, string name, string channel)
{
    public string Id => id;

    public string Name => name;

    /// <summary>Id of the channel this person is in.</summary>
    public string Channel => channel;

    /// <summary>Types <c>/scp VERB option:value …</c>.</summary>
    public async Task CommandAsync(string subcommand, IReadOnlyDictionary<string, string> options, CancellationToken ct)
    {
        var leaves = new JsonArray([.. options.Select(o => (JsonNode)(bool.TryParse(o.Value, out var flag)
            ? new JsonObject { ["type"] = 5, ["name"] = o.Key, ["value"] = flag }
            : new JsonObject { ["type"] = 3, ["name"] = o.Key, ["value"] = o.Value }))]);
        var body = new JsonObject
        {
            ["user"] = id, ["channel"] = channel, ["name"] = "scp",
            ["options"] = new JsonArray(new JsonObject { ["type"] = 1, ["name"] = subcommand, ["options"] = leaves }),
        };
        await PostAsync("command", body, ct);
    }

    /// <summary>Presses a button as soon as a message that this person sees has one whose label and message match.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<DemoMessage> PressAsync(string label, Func<DemoMessage, bool> where, TimeSpan patience, CancellationToken ct)
    {
        var message = await WaitAsync(m => where(m) && m.Button(label) is not null, $"a button {label}", patience, ct);
        await PostAsync("press", new JsonObject { ["user"] = id, ["channel"] = channel, ["message"] = message.Id, ["custom_id"] = message.Button(label) }, ct);
        return message;
    }

    /// <summary>The newest message that matches, as soon as there is one.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<DemoMessage> WaitAsync(Func<DemoMessage, bool> where, string what, TimeSpan patience, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        try
        {
            do
            {
                if ((await MessagesAsync(timer.Token)).LastOrDefault(where) is { } found)
                {
                    return found;
                }
            }
            while (await ticks.WaitForNextTickAsync(timer.Token));
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{name} waited {patience.TotalSeconds:0} s for {what}, and it did not come", late);
        }

        throw new OperationCanceledException(ct);
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<DemoMessage>> MessagesAsync(CancellationToken ct)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri(page, $"/page-api/messages?channel={channel}&user={id}"), ct));
        var list = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement : json.RootElement.GetProperty("messages");
        return [.. list.EnumerateArray().Select(m => new DemoMessage(m.Clone())).OrderBy(m => ulong.Parse(m.Id, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private async Task PostAsync(string what, JsonObject body, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(page, $"/page-api/{what}"), body, ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"/page-api/{what} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        }
    }
}

/// <summary>A message as somebody sees it.</summary>
internal sealed class DemoMessage(JsonElement json)
{
    public string Id => json.GetProperty("id").GetString()!;

    public string Content => json.GetProperty("content").GetString() ?? "";

    public bool IsEphemeral => json.TryGetProperty("ephemeral", out var e) && e.ValueKind == JsonValueKind.True;

    public bool HasFailed => json.TryGetProperty("interaction_failed", out var f) && f.ValueKind == JsonValueKind.True;

    public IEnumerable<string> Pings => json.TryGetProperty("pings", out var pings) ? pings.EnumerateArray().Select(p => p.GetString()!) : [];

    public string Title => Embed is { } e && e.TryGetProperty("title", out var t) ? t.GetString() ?? "" : "";

    public string Description => Embed is { } e && e.TryGetProperty("description", out var t) ? t.GetString() ?? "" : "";

    public string Footer => Embed is { } e && e.TryGetProperty("footer", out var f) ? f.GetProperty("text").GetString() ?? "" : "";

    public IEnumerable<(string Name, string Value)> Fields => Embed is { } e && e.TryGetProperty("fields", out var fields)
        ? fields.EnumerateArray().Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("value").GetString()!)) : [];

    public IEnumerable<(string Label, string Id, bool Enabled)> Buttons => json.TryGetProperty("components", out var rows)
        ? rows.EnumerateArray().SelectMany(r => r.TryGetProperty("components", out var c) ? c.EnumerateArray() : [])
            .Where(b => b.TryGetProperty("custom_id", out _))
            .Select(b => (b.GetProperty("label").GetString()!, b.GetProperty("custom_id").GetString()!, !(b.TryGetProperty("disabled", out var d) && d.GetBoolean())))
        : [];

    /// <summary>All of it that can be read.</summary>
    public string Text => string.Join('\n', new[] { Content, Title, Description }.Concat(Fields.Select(f => $"{f.Name}: {f.Value}")).Append(Footer).Where(t => t.Length > 0));

    private JsonElement? Embed => json.TryGetProperty("embeds", out var embeds) && embeds.GetArrayLength() > 0 ? embeds[0] : null;

    public string? Button(string label) => Buttons.Where(b => b.Enabled && string.Equals(b.Label, label, StringComparison.OrdinalIgnoreCase)).Select(b => b.Id).FirstOrDefault();
}

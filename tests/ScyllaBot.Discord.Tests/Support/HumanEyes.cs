namespace ScyllaBot.Discord.Tests.Support;

/// <summary>The events of one person's client, in order.</summary>
internal sealed class HumanEyes : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private HumanEyes(HttpResponseMessage answer, StreamReader reader) => (_answer, _reader) = (answer, reader);

    public static async Task<HumanEyes> OpenAsync(HttpClient http, ulong user, CancellationToken ct)
    {
        var answer = await http.GetAsync($"/page-api/events?user={user}", HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        return new HumanEyes(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(ct)));
    }

    /// <summary>Reads on until an event of this name satisfies.</summary>
    public async Task<JsonObject> NextAsync(string name, Func<JsonObject, bool> satisfies, CancellationToken ct)
    {
        var seen = new List<string>();
        var current = "";
        try
        {
            while (await _reader.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    current = line[7..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    seen.Add($"{current} {line[6..]}");
                    if (current == name && JsonNode.Parse(line[6..])!.AsObject() is var data && satisfies(data))
                    {
                        return data;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below with what was seen instead.
        }

        throw new InvalidOperationException($"No {name} event like that came. Seen:\n{string.Join('\n', seen)}");
    }

    /// <summary>An answer that is no longer "thinking".</summary>
    public Task<JsonObject> AnswerAsync(CancellationToken ct) => NextAsync(
        "message", m => m["ephemeral"]?.GetValue<bool>() == true && m["thinking"]?.GetValue<bool>() != true, ct);

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}

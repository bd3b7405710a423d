using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ScyllaBot.Testing;

/// <summary>One server-sent event.</summary>
public sealed record SentEvent(string Id, string Name, JsonElement Data);

/// <summary>Reads server-sent events as the specification has them: of lines that begin with event, id and data, until an empty one.</summary>
public static class SentEvents
{
    public static async IAsyncEnumerable<SentEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = new StreamReader(stream);
        var (id, name, data) = ("", "message", "");
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["event", var text]:
                    name = text;
                    break;
                case ["id", var text]:
                    id = text;
                    break;
                case ["data", var text]:
                    data = text;
                    break;
                case [""] when data.Length > 0:
                    using (var json = JsonDocument.Parse(data))
                    {
                        yield return new SentEvent(id, name, json.RootElement.Clone());
                    }

                    (name, data) = ("message", "");
                    break;
            }
        }
    }
}

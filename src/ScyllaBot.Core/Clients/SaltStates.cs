using System.Text.Json;

namespace ScyllaBot.Core.Clients;

/// <summary>One state of a highstate or an applied sls.</summary>
/// <param name="Id">The state's id.</param>
/// <param name="Result">True: as wanted; false: failed; null: a dry run that would change it.</param>
/// <param name="Changes">What changed or would change, as text; empty for nothing.</param>
public sealed record SaltState(string Id, bool? Result, string Comment, string Changes);

/// <summary>What Salt returned for one minion.</summary>
/// <param name="States">In the order they ran; empty when it returned no states.</param>
/// <param name="Error">Salt's own words when it returned no states, such as an unknown function; null otherwise.</param>
public sealed record SaltStates(ImmutableArray<SaltState> States, string? Error)
{
    /// <summary>Null: all is as wanted.</summary>
    public string? Failure => Error ?? (States.Where(s => s.Result == false).ToArray() is { Length: > 0 } failed
        ? $"{failed.Length} of {States.Length} states failed: {string.Join("; ", failed.Take(3).Select(s => $"{s.Id}: {s.Comment}"))}" : null);

    /// <summary>States that changed, or in a dry run would.</summary>
    public ImmutableArray<SaltState> Changed => [.. States.Where(s => s.Changes.Length > 0 || s.Result is null)];

    /// <summary>The map of states that <c>state.highstate</c> and <c>state.apply</c> return; Salt says what is wrong as text or a list of texts.</summary>
    public static SaltStates Read(JsonElement returned) => returned.ValueKind switch
    {
        JsonValueKind.Object => new([.. returned.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.Object)
            .OrderBy(s => s.Value.TryGetProperty("__run_num__", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var at) ? at : 0).Select(s => State(s.Name, s.Value))], null),
        JsonValueKind.Array => new([], string.Join("; ", returned.EnumerateArray().Select(e => e.ToString()))),
        _ => new([], returned.ToString()),
    };

    /// <summary>What <c>salt-call --out=json</c> printed: the same below <c>local</c>. Log lines before it are passed over.</summary>
    /// <returns>Null when it printed no such thing.</returns>
    public static SaltStates? ReadCall(string output)
    {
        var begin = output.IndexOf('{', StringComparison.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(begin < 0 ? "" : output[begin..]);
            return document.RootElement.TryGetProperty("local", out var local) ? Read(local) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SaltState State(string key, JsonElement state) => new(
        state.TryGetProperty("__id__", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : key,
        state.TryGetProperty("result", out var result) ? result.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        } : false,
        state.TryGetProperty("comment", out var comment) ? comment.ToString() : "",
        state.TryGetProperty("changes", out var changes) && changes.ValueKind == JsonValueKind.Object && changes.EnumerateObject().Any() ? changes.GetRawText() : "");
}

using System.Text.Json;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Options and log levels of the running process (facts 1.19). Nothing here writes an option: that is a file and a SIGHUP.</summary>
public sealed partial class ScyllaApi
{
    /// <summary>The value that the process goes by; null when it knows no such option.</summary>
    /// <exception cref="RecoverableException">It does not answer, or not yet.</exception>
    public async Task<JsonElement?> ConfigAsync(string name, CancellationToken ct)
    {
        var path = $"v2/config/{Uri.EscapeDataString(name)}";
        var answer = await AskAsync("GET", path, changes: false, ct);
        if (answer.Status == 400 && MessageOf(answer).Contains("No such config entry", StringComparison.Ordinal))
        {
            return null;
        }

        if (answer.Status != 200)
        {
            throw Classify(answer, path, changes: false);
        }

        return Taken(path, () => JsonSerializer.Deserialize<JsonElement>(answer.Body.Span, Json));
    }

    /// <summary>error, warn, info, debug or trace.</summary>
    public Task<string> LoggerLevelAsync(string logger, CancellationToken ct) =>
        ReadAsync<string>($"system/logger/{Uri.EscapeDataString(logger)}", ct);

    /// <summary>Until the process ends. Setting it twice is setting it once.</summary>
    public Task SetLoggerLevelAsync(string logger, string level, CancellationToken ct) =>
        SendAsync("POST", $"system/logger/{Uri.EscapeDataString(logger)}?level={Uri.EscapeDataString(level)}", _readTimeout, changes: true, ct);

    private async Task<HttpAnswer> AskAsync(string method, string path, bool changes, CancellationToken ct)
    {
        try
        {
            return await http.SendAsync(
                new HttpCall(method, new Uri(node.Api, path), _readTimeout) { Node = node, Headers = [new("X-ScyllaBot-Step", stamp.ToString())] }, ct);
        }
        catch (ExchangeException broken)
        {
            throw Classify(broken, path, changes);
        }
    }
}

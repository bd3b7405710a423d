using System.Text;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>A server that workflows send requests to, and that does a request with an Idempotency-Key once, as such servers do.</summary>
internal sealed class OutsideServer
{
    public const string Host = "hooks.example.org";

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>What it has done, in order.</summary>
    public List<string> Done { get; } = [];

    public HttpAnswer Answer(HttpCall call)
    {
        var key = call.Headers.FirstOrDefault(h => h.Key == "Idempotency-Key").Value;
        if (key is null || _keys.Add(key))
        {
            Done.Add($"{call.Method} {call.Uri.AbsolutePath} {Encoding.UTF8.GetString(call.Body.Span)}");
        }

        return new HttpAnswer(204, [], default);
    }
}

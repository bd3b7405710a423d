using System.Text;
using ScyllaBot.Core.Ports;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Lets a node be of another release: it says so, and what that release does not have is a 404 (facts 1.23).</summary>
internal sealed class AgedExchange(ScyllaSwagger swagger, string version)
{
    /// <summary>As <c>scylla_release_version</c> tells it; master is what becomes 2026.4.</summary>
    public string Release { get; } = (version == "master" ? "2026.4.0~dev" : $"{version}.1") + "-0.20260816.0123abcdef12";

    /// <summary>Calls that this release does not have.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>For <see cref="ExchangeTap.Instead"/>.</summary>
    public HttpAnswer? Answer(HttpCall call)
    {
        if (call.Uri.AbsolutePath == "/storage_service/scylla_release_version")
        {
            return new HttpAnswer(200, [], Encoding.UTF8.GetBytes($"\"{Release}\""));
        }

        if (call.Uri.AbsolutePath.StartsWith("/v2/", StringComparison.Ordinal)
            || (swagger.Find(call.Method, Uri.UnescapeDataString(call.Uri.AbsolutePath)) is { } operation && swagger.Has(version, operation)))
        {
            return null;
        }

        Missing.Add($"{call.Method} {call.Uri.AbsolutePath}");
        return new HttpAnswer(404, [], "{\"message\": \"Not found\", \"code\": 404}"u8.ToArray());
    }
}

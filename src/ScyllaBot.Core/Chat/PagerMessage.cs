using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What the pager webhook gets: small, and the same names for every kind.</summary>
public static class PagerMessage
{
    private const int Longest = 500;
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="job">Whose.</param>
    /// <param name="kind"><c>halt</c>, <c>hold</c> or <c>node_down</c>.</param>
    /// <param name="text">A sentence.</param>
    /// <param name="at">When.</param>
    public static string Of(Job job, string kind, string text, DateTimeOffset at) => new JsonObject
    {
        ["source"] = "scyllabot",
        ["kind"] = kind,
        ["cluster"] = job.Cluster,
        ["job"] = job.Id.Value,
        ["title"] = Cut(job.Birth.Title),
        ["text"] = Cut(text),
        ["down_by_us"] = new JsonArray([.. job.Held.Keys.Take(20).Select(n => (JsonNode)n)]),
        ["operator"] = Cut(job.Owner.Name),
        ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
    }.ToJsonString(Options);

    /// <summary>As it is sent: with the id that every repeat shares (R14).</summary>
    public static string Sent(string payload, string id, bool mayBeRepeated)
    {
        var message = JsonNode.Parse(payload)!.AsObject();
        message["id"] = id;
        message["possibly_repeated"] = mayBeRepeated;
        return message.ToJsonString(Options);
    }

    private static string Cut(string text) => Shortened.To(text, Longest);
}

namespace ScyllaBot.Discord.Rest;

/// <summary>One REST call as rate limits see it.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Template">Route with its ids left out; the bucket's name until Discord tells its hash.</param>
/// <param name="Path">Below <c>/api/v10</c>.</param>
/// <param name="Major">Channel, guild, or webhook id with token: buckets with the same hash are apart when this differs.</param>
internal sealed record DiscordCall(string Method, string Template, string Path, string Major)
{
    public JsonNode? Body { get; init; }

    /// <value>Default 15 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Twice does what once does: everything but a POST without an enforced nonce.</summary>
    /// <value>Default: not a POST.</value>
    public bool IsRepeatable { get; init; } = Method != "POST";

    /// <summary>First answers to interactions are in no bucket and must not wait behind one.</summary>
    public bool IsCallback { get; init; }

    /// <summary>Routes with a token in the path take no Authorization.</summary>
    public bool IsAnonymous { get; init; }

    public string RouteKey => $"{Method} {Template}";

    /// <summary>For logs: the template, because a path may hold an interaction's token.</summary>
    public override string ToString() => RouteKey;
}

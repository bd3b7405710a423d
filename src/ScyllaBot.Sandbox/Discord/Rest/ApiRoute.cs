namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>One route of the API.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Template">Path below the version.</param>
/// <param name="Limit">Its rate limit.</param>
/// <param name="Answer">Runs under the world's gate, so it must not wait.</param>
internal sealed record ApiRoute(string Method, string Template, RouteLimit Limit, Func<ApiCall, ApiReply> Answer)
{
    /// <summary>False for routes whose path carries its own secret: callbacks and webhook tokens.</summary>
    public bool NeedsBot { get; init; } = true;
}

/// <summary>
/// Requests per window for one major id (a channel, a guild, a webhook with its token). Zero requests = no limit and no headers.
/// </summary>
/// <param name="Major">Route value that names the major id, or null.</param>
/// <param name="Global">False for interaction routes, which do not count against 50 per second (docs: Rate Limits).</param>
internal sealed record RouteLimit(int Requests, TimeSpan Window, string? Major, bool Global = true)
{
    public static RouteLimit None { get; } = new(0, TimeSpan.Zero, null, Global: false);

    /// <summary>Posts and edits: 5 per 5 s and channel, as observed.</summary>
    public static RouteLimit Channel { get; } = new(5, TimeSpan.FromSeconds(5), "channel");

    public static RouteLimit ChannelRead { get; } = new(10, TimeSpan.FromSeconds(5), "channel");

    public static RouteLimit Guild { get; } = new(10, TimeSpan.FromSeconds(10), "guild");

    public static RouteLimit Application { get; } = new(10, TimeSpan.FromSeconds(10), "application");

    public static RouteLimit Own { get; } = new(10, TimeSpan.FromSeconds(10), null);

    /// <summary>Webhook executions and followups: 5 per 2 s, as observed.</summary>
    public static RouteLimit Webhook { get; } = new(5, TimeSpan.FromSeconds(2), "token", Global: false);
}

namespace ScyllaBot.Core.Control;

/// <summary>Why something was not done, as RFC 9457 has it: <c>application/problem+json</c>.</summary>
/// <param name="Type">One of <see cref="Problems"/>.</param>
/// <param name="Title">The same for every problem of its type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">A sentence that says what to do.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail)
{
    public const string MediaType = "application/problem+json";

    /// <summary>All that is wrong, where it is more than one thing.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>What the log calls it; of internal errors only.</summary>
    public string? Instance { get; init; }
}

/// <summary>The kinds of problems, each with the status it always has.</summary>
public static class Problems
{
    public const string Refused = "urn:scyllabot:refused";
    public const string Forbidden = "urn:scyllabot:forbidden";
    public const string Unauthenticated = "urn:scyllabot:unauthenticated";
    public const string NotFound = "urn:scyllabot:not-found";
    public const string BadRequest = "urn:scyllabot:bad-request";
    public const string TooLarge = "urn:scyllabot:too-large";
    public const string Busy = "urn:scyllabot:busy";
    public const string Failed = "urn:scyllabot:failed";

    /// <param name="type">One of the constants.</param>
    /// <param name="detail">What is wrong, and what to do.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static Problem Of(string type, string detail) => type switch
    {
        Refused => new(type, "Refused", 409, detail),
        Forbidden => new(type, "You may not do that", 403, detail),
        Unauthenticated => new(type, "Nobody knows who asks", 401, detail),
        NotFound => new(type, "There is no such thing", 404, detail),
        BadRequest => new(type, "The request can not be read", 400, detail),
        TooLarge => new(type, "The request is too large", 413, detail),
        Busy => new(type, "Too many at once", 503, detail),
        Failed => new(type, "Something went wrong here", 500, detail),
        _ => throw new ArgumentException($"{type} is no kind of problem", nameof(type)),
    };
}

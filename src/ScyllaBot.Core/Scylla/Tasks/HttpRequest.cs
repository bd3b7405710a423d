using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>How a request is made.</summary>
public enum RequestMethod
{
    Get,
    Post,
    Put,
    Delete,
}

/// <summary>
/// Asks an HTTP service, at a host that the inventory enables (<c>http-request:HOST</c>). No redirect is followed. Each carries an
/// Idempotency-Key that is the same for every attempt; a POST that had no answer is still not repeated, for the server may not know the key.
/// </summary>
[Tag("http-request", "HTTP request", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("method: post\nurl: https://hooks.example.org/scylla\nheaders: ['Authorization: Bearer env:HOOK_TOKEN']\nbody: '{\"cluster\":\"+cluster+\"}'\nexpected_status: [200, 204]")]
public sealed record HttpRequest : IClusterTask
{
    /// <value>Default get.</value>
    [Description("How it is asked")]
    public RequestMethod Method { get; init; } = RequestMethod.Get;

    [Description("Address; its host must be enabled in the inventory"), RegularExpression(@"https?://[^\s@]{1,2000}")]
    public required string Url { get; init; }

    /// <value>Default none.</value>
    [Description("Headers, each Name: value; a value may end in a secret's reference such as env:TOKEN"), RegularExpression(@"[A-Za-z0-9-]{1,100}: [\x20-\x7E]{1,1000}")]
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <value>Default none.</value>
    [Description("JSON to send")]
    public string Body { get; init; } = "";

    /// <value>Default any 2xx.</value>
    [Description("Statuses that mean done"), Range(100, 599)]
    public IReadOnlyList<int> ExpectedStatus { get; init; } = [];

    /// <value>Default 30 s.</value>
    [Description("How long to wait for the answer"), Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>Default false. GET, PUT and DELETE always may be.</value>
    [Description("Whether the server does a repeated post once, by its Idempotency-Key")]
    public bool Repeatable { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => new OutsideCall(
        Method.ToString().ToUpperInvariant(), new Uri(Url), [.. Headers.Select(Split)], Body, Repeatable || Method != RequestMethod.Post)
    {
        Timeout = Patience, Expected = ExpectedStatus,
    }.SendAsync(context, ct);

    private static KeyValuePair<string, string> Split(string header)
    {
        var colon = header.IndexOf(": ", StringComparison.Ordinal);
        return KeyValuePair.Create(header[..colon], header[(colon + 2)..]);
    }
}

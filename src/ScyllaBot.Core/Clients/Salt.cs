using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <param name="Return">What the function returned; null while it has not.</param>
/// <param name="RetCode">0, or 2 where a state failed (facts/test-bed 4).</param>
public sealed record SaltResult(JsonElement? Return, int RetCode);

/// <summary>A job of Salt's as <c>/jobs/JID</c> tells it.</summary>
/// <param name="Results">By minion, those that have returned.</param>
public sealed record SaltJob(string Id, string Function, ImmutableSortedDictionary<string, SaltResult> Results);

/// <summary>salt-api (rest_cherrypy), after a login. A failed state is HTTP 200; a dead minion is <c>false</c>; no match is an empty map (facts/test-bed 4).</summary>
public sealed class Salt
{
    private readonly OutsideHttp _http;

    private Salt(OutsideHttp http) => _http = http;

    /// <summary>Logs in; the token lives in memory for as long as this client does.</summary>
    /// <exception cref="UnrecoverableException">User or password is wrong: a 401, with an HTML page for a body.</exception>
    public static async Task<Salt> LoginAsync(SaltEndpoint endpoint, IHttpExchange http, CancellationToken ct, StepStamp? stamp = null)
    {
        var open = new OutsideHttp("salt-api", endpoint.Url, http)
        {
            Headers = stamp is null ? [] : [new("X-ScyllaBot-Step", stamp.ToString())], Secrets = [endpoint.Password], Patience = TimeSpan.FromMinutes(1),
        };
        var body = new LoginJson(endpoint.Username, endpoint.Password.Placeholder, endpoint.Eauth);
        var answer = await open.SendAsync("POST", "login", body, isRepeatable: true, ct);
        Check(open, answer);
        var tokens = open.Read<ReturnJson<ImmutableArray<TokenJson>>>(answer).Return;
        var token = open.Take(() => tokens is [{ Token: { } given }] ? given : null) ?? throw new UnrecoverableException("salt-api: a login without a token");
        return new Salt(open with { Headers = [.. open.Headers, new("X-Auth-Token", token)], Secrets = [] });
    }

    /// <summary>Whether a minion answers.</summary>
    /// <returns>True or false; null when Salt knows no such minion.</returns>
    public async Task<bool?> PingAsync(string minion, CancellationToken ct)
    {
        var returned = await RunAsync(new LowJson("local", minion, "test.ping") { Timeout = 5 }, isRepeatable: true, ct);
        return returned.TryGetProperty(minion, out var pong) ? pong.ValueKind == JsonValueKind.True : null;
    }

    /// <summary>A dry run of a state function: what it would change.</summary>
    /// <param name="minion">Id.</param>
    /// <param name="function"><c>state.highstate</c> or <c>state.apply</c>.</param>
    /// <param name="sls">For <c>state.apply</c>; null otherwise.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<SaltStates> TestAsync(string minion, string function, string? sls, CancellationToken ct)
    {
        var low = new LowJson("local", minion, function) { Arg = sls is null ? null : [sls], Kwarg = Test, FullReturn = true };
        var returned = await RunAsync(low, isRepeatable: true, ct);
        return !returned.TryGetProperty(minion, out var told) ? new SaltStates([], $"Salt knows no minion {minion}")
            : told.ValueKind == JsonValueKind.Object ? SaltStates.Read(told.TryGetProperty("ret", out var ret) ? ret : told)
            : told.ValueKind == JsonValueKind.False ? new SaltStates([], $"{minion} does not answer")
            : SaltStates.Read(told);
    }

    /// <summary>Starts a function under a job id of our own choosing, which makes it findable whatever becomes of the answer.</summary>
    /// <returns>The id it runs under.</returns>
    /// <exception cref="UnrecoverableException">No answer: look for the job before doing it again.</exception>
    public async Task<string> StartAsync(string jid, string minion, string function, string? sls, CancellationToken ct)
    {
        var low = new LowJson("local_async", minion, function) { Arg = sls is null ? null : [sls], Jid = jid };
        var returned = await RunAsync(low, isRepeatable: false, ct);
        return returned.TryGetProperty("jid", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()!
            : throw new UnrecoverableException($"salt-api started nothing: no minion {minion}");
    }

    /// <returns>Null when the master knows no such job.</returns>
    public async Task<SaltJob?> JobAsync(string jid, CancellationToken ct)
    {
        var answer = await _http.SendAsync("GET", $"jobs/{jid}", null, isRepeatable: true, ct);
        Check(_http, answer);
        var told = _http.Read<JobsJson>(answer).Info;
        return _http.Take(() => told is [{ Function: { Length: > 0 } function } job, ..] ? new SaltJob(jid, function, ResultsOf(job)) : null);
    }

    /// <summary>Minions that are up and down, as the master sees them.</summary>
    public async Task<(ImmutableArray<string> Up, ImmutableArray<string> Down)> MinionsAsync(CancellationToken ct)
    {
        var said = await RunAsync(new LowJson("runner", null, "manage.status"), isRepeatable: true, ct);
        return _http.Take(() => said.Deserialize<StatusJson>(OutsideHttp.Json) is { Up: { IsDefault: false } up, Down: { IsDefault: false } down }
            ? (up, down) : throw new FormatException("no lists of minions"));
    }

    private static ImmutableSortedDictionary<string, SaltResult> ResultsOf(JobJson job) =>
        (job.Result ?? ImmutableSortedDictionary<string, ResultJson>.Empty)
            .ToImmutableSortedDictionary(r => r.Key, r => new SaltResult(r.Value.Return, r.Value.Retcode), StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, bool> Test = ImmutableSortedDictionary<string, bool>.Empty.Add("test", true);

    private async Task<JsonElement> RunAsync(LowJson low, bool isRepeatable, CancellationToken ct)
    {
        var answer = await _http.SendAsync("POST", "", new[] { low }, isRepeatable, ct);
        Check(_http, answer);
        return _http.Read<ReturnJson<ImmutableArray<JsonElement>>>(answer).Return is { IsDefaultOrEmpty: false } all && all[0].ValueKind == JsonValueKind.Object
            ? all[0] : throw new UnrecoverableException("salt-api: an answer without a map of minions");
    }

    private static void Check(OutsideHttp http, HttpAnswer answer)
    {
        if (answer.Status is 401)
        {
            throw new UnrecoverableException("salt-api: 401: user, password, token or eauth is not accepted");
        }

        if (answer.Status is not 200)
        {
            throw http.Classify(answer);
        }
    }

    private sealed record LoginJson(string Username, string Password, string Eauth);

    private sealed record TokenJson(string Token);

    private sealed record ReturnJson<T>(T Return);

    private sealed record StatusJson(ImmutableArray<string> Up, ImmutableArray<string> Down);

    private sealed record LowJson(string Client, string? Tgt, string Fun)
    {
        public string[]? Arg { get; init; }

        public ImmutableSortedDictionary<string, bool>? Kwarg { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("full_return")]
        public bool? FullReturn { get; init; }

        public int? Timeout { get; init; }

        public string? Jid { get; init; }
    }

    private sealed record JobsJson(ImmutableArray<JobJson> Info);

    private sealed record JobJson(string? Function, ImmutableSortedDictionary<string, ResultJson>? Result);

    private sealed record ResultJson(JsonElement? Return, int Retcode);
}

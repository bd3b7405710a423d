using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>The client of salt-api against what a real one was recorded with, word for word (data/salt-api, facts/test-bed 4).</summary>
public sealed class SaltRecordingTests : IHttpExchange
{
    private const string Up = "scylla-bed-us-east1-b-1";
    private const string Down = "scylla-bed-us-east1-d-1";
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly List<HttpCall> _calls = [];
    private (int Status, string Body) _next;

    [SharedFact]
    public async Task A_minion_answers_or_is_dead_or_is_not_known()
    {
        Assert.True(await (await AnsweringAsync("ping")).PingAsync(Up, Ct));
        Assert.False(await (await AnsweringAsync("down")).PingAsync(Down, Ct));
        AssertAsked("down");
        Assert.Null(await (await AnsweringAsync("missing")).PingAsync("nosuch", Ct));

        var (up, down) = await (await AnsweringAsync("manage")).MinionsAsync(Ct);
        Assert.Equal((2, Down), (up.Length, Assert.Single(down)));
        (up, down) = await (await AnsweringAsync("running")).MinionsAsync(Ct);
        AssertAsked("running");
        Assert.Equal((3, 0), (up.Length, down.Length));
    }

    [SharedFact]
    public async Task A_dry_run_tells_changes_failures_and_who_is_not_there()
    {
        var same = await (await AnsweringAsync("testmode")).TestAsync("scylla-bed-us-east1-c-1", "state.highstate", null, Ct);
        AssertAsked("testmode");
        Assert.True(same is { Failure: null, Changed.IsEmpty: true, States.Length: 1 });

        var changed = await (await AnsweringAsync("highstate")).TestAsync(Up, "state.highstate", null, Ct);
        Assert.Contains("New file", Assert.Single(changed.Changed).Changes, StringComparison.Ordinal);

        // 200, retcode 2, and a failed state in the map.
        Assert.Equal("1 of 1 states failed: nope: Command \"/bin/false\" run", (await (await AnsweringAsync("broken")).TestAsync(Up, "state.apply", "broken", Ct)).Failure);
        Assert.Equal("'nope.nope' is not available.", (await (await AnsweringAsync("badfun")).TestAsync(Up, "nope.nope", null, Ct)).Failure);
        Assert.Equal("Salt knows no minion nosuch", (await (await AnsweringAsync("missing")).TestAsync("nosuch", "state.highstate", null, Ct)).Failure);
        Assert.Equal($"{Down} does not answer", (await (await AnsweringAsync("downfull")).TestAsync(Down, "state.highstate", null, Ct)).Failure);
    }

    [SharedFact]
    public async Task A_job_is_started_and_told_by_its_id()
    {
        Assert.Equal("20261122054748574256", await (await AnsweringAsync("async")).StartAsync("20261122054748574256", Up, "state.highstate", null, Ct));
        var sent = JsonDocument.Parse(_calls[^1].Body).RootElement[0];
        var recorded = Request("async");
        Assert.All(["client", "fun"], name => Assert.Equal(recorded.GetProperty(name).GetString(), sent.GetProperty(name).GetString()));

        var job = await (await AnsweringAsync("job")).JobAsync("20261122054748574256", Ct);
        Assert.Equal(("GET", "/jobs/20261122054748574256"), (_calls[^1].Method, _calls[^1].Uri.AbsolutePath));
        Assert.Equal("state.highstate", job!.Function);
        Assert.Equal(2, job.Results.Count);
        Assert.All(job.Results.Values, r => Assert.True(r.RetCode == 0 && SaltStates.Read(r.Return!.Value).Failure is null));

        var salt = await AnsweringAsync("missing");
        Assert.Contains("started nothing", (await Assert.ThrowsAsync<UnrecoverableException>(() => salt.StartAsync("1", "nosuch", "state.highstate", null, Ct))).Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public async Task A_bad_login_is_a_page_and_calls_a_human_without_its_password()
    {
        _next = (401, "<!DOCTYPE html PUBLIC><html><body><h2>401 Unauthorized</h2></body></html>");
        var refused = await Assert.ThrowsAsync<UnrecoverableException>(() => Salt.LoginAsync(Endpoint, this, Ct));
        Assert.Equal("salt-api: 401: user, password, token or eauth is not accepted", refused.Message);
        Assert.Equal([Endpoint.Password], _calls[^1].Secrets.AsEnumerable());
    }

    Task<HttpAnswer> IHttpExchange.SendAsync(HttpCall call, CancellationToken ct)
    {
        _calls.Add(call);
        return Task.FromResult(new HttpAnswer(_next.Status, [], Encoding.UTF8.GetBytes(_next.Body)));
    }

    private static SaltEndpoint Endpoint => new(new Uri("http://127.0.0.1:8000/"), "scp", SecretRef.TryParse("env:SALT_PASSWORD")!, "sharedsecret");

    private static JsonElement Request(string name) => JsonDocument.Parse(SharedFactAttribute.Read($"data/salt-api/t-{name}.req.json")).RootElement[0];

    private async Task<Salt> AnsweringAsync(string name)
    {
        _next = (200, SharedFactAttribute.Read("data/salt-api/t-login.json"));
        var salt = await Salt.LoginAsync(Endpoint, this, Ct);
        _next = (200, SharedFactAttribute.Read($"data/salt-api/t-{name}.json"));
        return salt;
    }

    /// <summary>The same names, and the same values where they are not the minion's.</summary>
    private void AssertAsked(string name)
    {
        var sent = JsonDocument.Parse(_calls[^1].Body).RootElement[0];
        Assert.Equal(Lines(Request(name)), Lines(sent));

        static IEnumerable<string> Lines(JsonElement low) => low.EnumerateObject()
            .Select(p => p.Name == "tgt" ? "tgt" : $"{p.Name}: {p.Value.GetRawText()}").Order(StringComparer.Ordinal);
    }
}

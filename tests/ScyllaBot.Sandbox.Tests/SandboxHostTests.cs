using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Tests;

/// <summary>`all` mode over real sockets, on a manual clock: nothing here waits for real time.</summary>
public sealed partial class SandboxHostTests : IAsyncLifetime
{
    private readonly ManualTime _real = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
    private readonly HttpClient _http = new();
    private readonly SandboxHost _host;
    private string _inventory = "";

    public SandboxHostTests() => _host = SandboxHost.Build(CommandLine.Parse(["all", "--speed", "30"], out _)!, _real);

    public async Task InitializeAsync()
    {
        await _host.StartAsync(CancellationToken.None);
        _inventory = await _http.GetStringAsync($"{_host.Url}/sandbox/inventory");
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task The_inventory_leads_to_forty_five_nodes_that_answer_on_both_ports()
    {
        var nodes = Nodes().Matches(_inventory).Select(match => match.Groups).ToArray();
        Assert.Equal(45, nodes.Length);
        foreach (var node in nodes)
        {
            Assert.Equal($"\"{node["id"].Value}\"", await _http.GetStringAsync($"{node["api"].Value}/storage_service/hostid/local"));
            var metrics = await _http.GetStringAsync(node["metrics"].Value);
            Assert.Contains("scylla_node_operation_mode{shard=\"0\"} 3", metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stopped_node_resets_connections_and_its_command_channel_still_works()
    {
        var node = First();
        var stop = ExecAsync(node, """{"argv":["systemctl","stop","scylla-server"],"receipt":"r-1","epoch":3,"step":"j/1/1"}""");
        var stopped = await UntilAsync(stop);
        Assert.Equal((0, "finished"), (stopped.GetProperty("exit").GetInt32(), stopped.GetProperty("state").GetString()));

        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetStringAsync($"{node["api"].Value}/system/uptime_ms"));
        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetStringAsync(node["metrics"].Value));
        var active = await ExecAsync(node, """{"argv":["systemctl","is-active","scylla-server"],"epoch":3}""");
        Assert.Equal((3, "inactive"), (active.GetProperty("exit").GetInt32(), active.GetProperty("output").GetString()));
        using var stale = await _http.PostAsync(node["commands"].Value, Json("""{"argv":["true"],"epoch":2}"""));
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
    }

    [Fact]
    public async Task A_command_goes_on_when_its_caller_leaves_and_the_next_caller_attaches()
    {
        var node = First();
        const string Stop = """{"argv":["systemctl","stop","scylla-server"],"receipt":"r-1"}""";
        using var gone = new CancellationTokenSource();
        var left = _http.PostAsync(node["commands"].Value, Json(Stop), gone.Token);
        await UntilEffectsAsync(1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        var attached = ExecAsync(node, Stop);
        var result = await UntilAsync(attached);
        Assert.Equal(0, result.GetProperty("exit").GetInt32());
        await UntilEffectsAsync(1);
    }

    [Fact]
    public async Task A_wait_that_runs_out_says_running_and_does_not_stop_the_command()
    {
        var node = First();
        const string Bounded = """{"argv":["systemctl","stop","scylla-server"],"receipt":"r-1","timeout_ms":1}""";
        var bounded = await UntilAsync(ExecAsync(node, Bounded));
        Assert.Equal("running", bounded.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, bounded.GetProperty("exit").ValueKind);

        var whole = await UntilAsync(ExecAsync(node, """{"argv":["systemctl","stop","scylla-server"],"receipt":"r-1"}"""));
        Assert.Equal((0, "finished"), (whole.GetProperty("exit").GetInt32(), whole.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task The_clock_tells_its_anchor_and_changes_speed_within_bounds()
    {
        var clock = await _http.GetFromJsonAsync<JsonElement>($"{_host.Url}/sandbox/clock");
        Assert.Equal(30, clock.GetProperty("factor").GetDouble());
        Assert.Equal(TestBed.Epoch, clock.GetProperty("virtual").GetDateTimeOffset());
        _real.Advance(10);
        using var faster = await _http.PostAsync($"{_host.Url}/sandbox/speed", Json("""{"factor":60}"""));
        clock = await faster.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(TestBed.Epoch.AddSeconds(300), clock.GetProperty("virtual").GetDateTimeOffset());
        foreach (var body in new[] { """{"factor":0}""", """{"factor":1001}""", "{}", "not json", "" })
        {
            using var refused = await _http.PostAsync($"{_host.Url}/sandbox/speed", Json(body));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Events_begin_with_every_node_and_tell_of_a_fault_an_effect_and_the_change()
    {
        using var stream = new StreamReader(await _http.GetStreamAsync($"{_host.Url}/sandbox/events"));
        for (var i = 0; i < 51; i++)
        {
            Assert.Equal("node", (await EventAsync(stream)).Name);
        }

        var name = First()["name"].Value;
        using var armed = await _http.PostAsync(
            $"{_host.Url}/sandbox/faults", Json($$"""{"cluster":"messages-stg","node":"{{name}}","kind":"node-dies"}"""));
        Assert.Equal(HttpStatusCode.OK, armed.StatusCode);
        _real.Advance(0.1);

        Assert.Equal(("fault", "armed"), Summary(await EventAsync(stream), "what"));
        Assert.Equal(("fault", "bites"), Summary(await EventAsync(stream), "what"));
        Assert.Equal(("effect", "kill"), Summary(await EventAsync(stream), "kind"));
        Assert.Equal(("node", "dead"), Summary(await EventAsync(stream), "process"));
    }

    [Fact]
    public async Task An_operators_hand_starts_a_dead_node()
    {
        var name = First()["name"].Value;
        using var killed = await _http.PostAsync(
            $"{_host.Url}/sandbox/faults", Json($$"""{"cluster":"messages-stg","node":"{{name}}","kind":"node-dies"}"""));
        using var power = await _http.PostAsync($"{_host.Url}/sandbox/nodes/{name}/power", Json("""{"on":true}"""));
        Assert.Equal("starting", (await power.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("process").GetString());
        _real.Advance(4);

        var verdict = await _http.GetFromJsonAsync<JsonElement>($"{_host.Url}/oracle/verdict?cluster=messages-stg");
        Assert.True(verdict.GetProperty("healthy").GetBoolean(), verdict.GetProperty("why").ToString());
        var effects = await _http.GetFromJsonAsync<JsonElement>($"{_host.Url}/oracle/effects");
        Assert.Equal(["kill", "power-on"], effects.EnumerateArray().Select(effect => effect.GetProperty("kind").GetString()));
    }

    private static (string Name, string? Value) Summary((string Name, JsonElement Data) e, string property) =>
        (e.Name, e.Data.GetProperty(property).GetString());

    private static async Task<(string Name, JsonElement Data)> EventAsync(StreamReader stream)
    {
        var name = (await stream.ReadLineAsync())!["event: ".Length..];
        var data = JsonSerializer.Deserialize<JsonElement>((await stream.ReadLineAsync())!["data: ".Length..]);
        Assert.Equal("", await stream.ReadLineAsync());
        return (name, data);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private GroupCollection First() => Nodes().Match(_inventory).Groups;

    private async Task<JsonElement> ExecAsync(GroupCollection node, string body)
    {
        using var answer = await _http.PostAsync(node["commands"].Value, Json(body));
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Moves the clock as long as the call waits; each turn makes a round trip, so the server gets to run.</summary>
    private async Task<T> UntilAsync<T>(Task<T> task)
    {
        for (var i = 0; i < 2000 && !task.IsCompleted; i++)
        {
            await _http.GetStringAsync($"{_host.Url}/sandbox/clock");
            _real.Advance(0.01);
        }

        return await task;
    }

    private async Task UntilEffectsAsync(int count)
    {
        var effects = 0;
        for (var i = 0; i < 2000 && effects < count; i++)
        {
            effects = (await _http.GetFromJsonAsync<JsonElement>($"{_host.Url}/oracle/effects")).GetArrayLength();
        }

        Assert.Equal(count, effects);
    }

    [GeneratedRegex(
        @"- name: (?<name>scylla\S+)\n\s+address: \S+\n\s+host_id: (?<id>\S+)\n\s+dc: us-east1\n\s+rack: [abcd]\n" +
        @"\s+api: (?<api>\S+)\n\s+metrics: (?<metrics>\S+)\n\s+commands: (?<commands>\S+)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Nodes();
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ScyllaBot.Demo;
using ScyllaBot.Sandbox;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>The sandbox as a process: it lives on when the bot is killed.</summary>
internal sealed class SandboxUnderTest : IAsyncDisposable
{
    private readonly BuiltProgram _program;

    private SandboxUnderTest(BuiltProgram program, SandboxAddress address, HttpMessageHandler handler)
    {
        (_program, Address) = (program, address);
        Http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public SandboxAddress Address { get; }

    public HttpClient Http { get; }

    /// <param name="network">A bed's network to run in, and how it is reached from here.</param>
    /// <param name="with">Names of further clusters.</param>
    public static async Task<SandboxUnderTest> StartAsync(
        string folder, double speed, long seed, (string Path, HttpMessageHandler Handler)? network = null, string? with = null)
    {
        string[] arguments =
        [
            "all", "--speed", speed.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture),
            "--exit-with", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. with is null ? Array.Empty<string>() : ["--with", with],
        ];
        var program = network is { } within ? BuiltProgram.StartWithin(within.Path, "ScyllaBot.Sandbox", folder, [], arguments)
            : BuiltProgram.Start("ScyllaBot.Sandbox", folder, arguments);
        try
        {
            var ready = await program.FirstLine.WaitAsync(Patience.Start)
                ?? throw new InvalidOperationException($"the sandbox ended before it was ready: {program.Errors}");
            return new SandboxUnderTest(program, SandboxAddress.Parse(ready), network?.Handler ?? new SocketsHttpHandler());
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public Task<DemoScene> SceneAsync() => DemoScene.OpenAsync(Http, Address.Page, CancellationToken.None);

    public async Task<JsonElement> GetAsync(string path) =>
        await Http.GetFromJsonAsync<JsonElement>(new Uri(Address.Page, path));

    public async Task PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Address.Page, path), body);
        answer.EnsureSuccessStatusCode();
    }

    public async Task DeleteAsync(string path)
    {
        using var answer = await Http.DeleteAsync(new Uri(Address.Page, path));
        answer.EnsureSuccessStatusCode();
    }

    public async Task<bool> IsBotOnlineAsync() => (await GetAsync("/page-api/world")).GetProperty("bot_online").GetBoolean();

    /// <summary>Real changes of state on any node, as the sandbox itself counted them.</summary>
    public async Task<IReadOnlyList<NodeEffect>> EffectsAsync(string? cluster = null) =>
        [.. (await GetAsync($"/oracle/effects?cluster={cluster}")).EnumerateArray().Select(NodeEffect.Read)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _program.DisposeAsync();
    }
}

/// <summary>A change of a node that the sandbox saw happen.</summary>
/// <param name="Step"><c>job/path/attempt</c> of whoever asked for it; null when nobody did.</param>
internal sealed record NodeEffect(DateTimeOffset At, long Sequence, string Node, string Kind, string? Step)
{
    public static NodeEffect Read(JsonElement json) => new(
        json.GetProperty("at").GetDateTimeOffset(), json.GetProperty("seq").GetInt64(), json.GetProperty("node").GetString()!,
        json.GetProperty("kind").GetString()!, json.GetProperty("step").GetString());
}

/// <summary>How long real processes are waited for on a busy machine; nothing is asserted about it.</summary>
internal static class Patience
{
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(90);
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(45);
    public static readonly TimeSpan Job = TimeSpan.FromMinutes(4);
}

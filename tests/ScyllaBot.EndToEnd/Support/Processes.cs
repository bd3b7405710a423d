using ScyllaBot.Demo;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>A sandbox, the bot on it once it is started, and their files: what one test needs, ended with it however far it came.</summary>
internal sealed class Processes : IAsyncDisposable
{
    private SandboxUnderTest? _sandbox;
    private DemoScene? _scene;
    private HostUnderTest? _host;

    public Scratch Files { get; } = new();

    public SandboxUnderTest Sandbox => _sandbox ?? throw new InvalidOperationException("no sandbox was started");

    public DemoScene Scene => _scene ?? throw new InvalidOperationException("no sandbox was started");

    public HostUnderTest Host => _host ?? throw new InvalidOperationException("no bot was started");

    /// <param name="speed">Of the nodes' clock.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="with">Names of further clusters.</param>
    public async Task StartSandboxAsync(double speed, long seed, string? with = null)
    {
        _sandbox = await SandboxUnderTest.StartAsync(Files.Folder, speed, seed, with: with);
        _scene = await _sandbox.SceneAsync();
    }

    /// <param name="workflows">Besides those that ship.</param>
    /// <param name="settings">Environment variables, such as <c>ScyllaBot__Approvals__Sandbox</c>.</param>
    public async Task<HostUnderTest> StartHostAsync((string File, string Text)[]? workflows = null, (string Name, string Value)[]? settings = null) =>
        _host = await HostUnderTest.StartAsync(Sandbox, Files, Files.Workflows(workflows ?? []), settings ?? []);

    public async Task EndHostAsync()
    {
        await Host.DisposeAsync();
        _host = null;
    }

    /// <summary>The bot goes before what it talks to.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_sandbox?.DisposeAsync() ?? ValueTask.CompletedTask);
        Files.Dispose();
    }
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>The bot as a process, attached to a sandbox that outlives it.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    private readonly SandboxUnderTest _sandbox;
    private readonly Scratch _files;
    private readonly string _workflows;
    private BuiltProgram? _program;

    private readonly (string Name, string Value)[] _settings;

    private HostUnderTest(SandboxUnderTest sandbox, Scratch files, string workflows, (string Name, string Value)[] settings) =>
        (_sandbox, _files, _workflows, _settings) = (sandbox, files, workflows, settings);

    /// <summary>The job database; readable by the test after the bot has ended.</summary>
    public string Database => Path.Combine(_files["state"], "sandbox", "scyllabot.db");

    /// <summary>Where scyllactl finds it.</summary>
    public string Socket => Path.Combine(_files["state"], "sandbox", ControlRoutes.SocketName);

    public string Output => _program is { } running ? $"{running.Output}\n{running.Errors}" : "";

    /// <param name="settings">Environment variables, such as <c>ScyllaBot__Approvals__Sandbox</c>.</param>
    public static async Task<HostUnderTest> StartAsync(SandboxUnderTest sandbox, Scratch files, string workflows, params (string Name, string Value)[] settings)
    {
        var host = new HostUnderTest(sandbox, files, workflows, settings);
        try
        {
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>A process on the same state, whether or not one runs: how it gets on is the caller's to see.</summary>
    public BuiltProgram Another() => BuiltProgram.Start(
        "ScyllaBot", _files.Folder, _settings, "--sandbox-url", _sandbox.Address.Page.ToString(), "--state", _files["state"], "--workflows", _workflows);

    /// <summary>SIGKILL.</summary>
    /// <returns>When the signal was sent, real time.</returns>
    public Task<DateTimeOffset> KillAsync() => (_program ?? throw new InvalidOperationException("the bot was never started")).KillAsync();

    /// <summary>After a kill: returns when the new process is connected to its Discord.</summary>
    public async Task StartAgainAsync()
    {
        if (_program is { } dead)
        {
            await dead.DisposeAsync();
        }

        await Eventually.TrueAsync(async () => !await _sandbox.IsBotOnlineAsync(), "the old bot's connection to be gone", Patience.Answer);
        var program = _program = Another();
        await Eventually.TrueAsync(
            async () => program.HasExited
                ? throw new InvalidOperationException($"the bot ended at its start:\n{Output}")
                : await _sandbox.IsBotOnlineAsync() && (await _sandbox.GetAsync("/page-api/world")).GetProperty("commands").GetArrayLength() > 0,
            "the bot to be online", Patience.Start);
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is { } program)
        {
            await program.DisposeAsync();
        }
    }
}

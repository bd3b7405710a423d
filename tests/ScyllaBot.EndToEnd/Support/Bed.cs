using System.Collections.Immutable;
using ScyllaBot.Demo;

namespace ScyllaBot.EndToEnd.Support;

/// <summary>A sandbox and a bot on it, for tests that share them.</summary>
public class Bed : IAsyncLifetime
{
    internal const string Cluster = "messages-stg";
    private readonly Processes _processes = new();
    private readonly (string File, string Text)[] _workflows;

    public Bed()
        : this([])
    {
    }

    private protected Bed((string File, string Text)[] workflows) => _workflows = workflows;

    internal Scratch Files => _processes.Files;

    internal SandboxUnderTest Sandbox => _processes.Sandbox;

    internal HostUnderTest Host => _processes.Host;

    internal DemoScene Scene => _processes.Scene;

    /// <summary>Operator.</summary>
    internal DemoUser Mara => Scene.User("mara", "ops");

    /// <summary>Operator and approver.</summary>
    internal DemoUser Jon => Scene.User("jon", "ops");

    /// <summary>Has no role.</summary>
    internal DemoUser Kim => Scene.User("kim", "ops");

    public async Task InitializeAsync()
    {
        await _processes.StartSandboxAsync(speed: 90, seed: 1);
        await _processes.StartHostAsync(_workflows);
    }

    public Task DisposeAsync() => _processes.DisposeAsync().AsTask();

    /// <summary>What a refusal must leave as it was: jobs and their state, messages, effects on nodes. Reading it takes an answer of the bot, so it also shows that the bot lives.</summary>
    internal async Task<string> StateAsync()
    {
        var jobs = await Mara.AskAsync("jobs", ("all", "true"));
        var messages = (await Mara.MessagesAsync(CancellationToken.None)).Where(m => !m.IsEphemeral).Select(m => m.Id);
        var effects = await Sandbox.EffectsAsync();
        return $"{jobs.Text}\n--- messages\n{string.Join(' ', messages)}\n--- effects {effects.Count}";
    }

    /// <summary>Plans and starts a rolling restart; it waits for its approval.</summary>
    /// <returns>The job's id and the card that asks.</returns>
    internal async Task<(string Job, DemoMessage Question)> StartAsync(string workflow = "rolling_restart")
    {
        var plan = await Mara.AskAsync("run", ("workflow", workflow), ("cluster", Cluster));
        Assert.True(plan.Button("Start") is not null, $"no plan but: {plan.Text}");
        var started = await Mara.PressedAsync(plan, "Start");
        var known = ImmutableHashSet.CreateRange(JobIdsIn(started.Text));
        var question = await Jon.WaitAsync(
            m => !m.IsEphemeral && m.Button("Approve") is not null && known.Any(j => m.Footer.Contains(j, StringComparison.Ordinal)),
            $"the question of what was started ({started.Text})", Patience.Answer, CancellationToken.None);
        return (question.Footer.Split(' ')[0], question);
    }

    /// <summary>Aborts a job and waits until it has ended: the next test finds the cluster free.</summary>
    internal async Task AbortAsync(string job)
    {
        await Mara.AskAsync("abort", ("job", job), ("now", "true"));
        await Eventually.TrueAsync(
            async () => !(await Mara.AskAsync("jobs")).Text.Contains(job, StringComparison.Ordinal), $"job {job} to end", Patience.Job,
            TimeSpan.FromMilliseconds(500));
    }

    private static IEnumerable<string> JobIdsIn(string text) =>
        text.Split([' ', '`', '.', ':', ';', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length == 14 && w.All(char.IsAsciiLetterOrDigit));
}

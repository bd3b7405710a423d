using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>scyllactl in a real terminal: progress is seen, and what happens to the terminal is nothing to the job.</summary>
public sealed class TerminalTests : IAsyncLifetime
{
    private const string Nodes = "scylla-messages-stg-us-east1-b-1,scylla-messages-stg-us-east1-b-2,scylla-messages-stg-us-east1-b-3,scylla-messages-stg-us-east1-c-1";
    private readonly Processes _processes = new();

    private string Folder => _processes.Files.Folder;

    private HostUnderTest Host => _processes.Host;

    private Ctl Ctl => new(Host, Folder);

    public async Task InitializeAsync()
    {
        await _processes.StartSandboxAsync(speed: 15, seed: 1);
        await _processes.StartHostAsync(settings: [("ScyllaBot__Approvals__Sandbox", "0")]);
    }

    public Task DisposeAsync() => _processes.DisposeAsync().AsTask();

    [TmuxFact]
    public async Task Killing_the_terminal_leaves_the_job_alone_and_another_one_watches_it_to_the_end()
    {
        string job;
        await using (var first = await Tmux.StartAsync(Folder, Host.Socket))
        {
            await first.TypeAsync($"scyllactl job run rolling_restart --cluster=messages-stg --nodes={Nodes}");
            Assert.Contains("Is it safe?", await first.SeesAsync("Start? [y/N]", Patience.Answer));
            await first.TypeAsync("y");
            var begin = DoneIn(await first.SeesAsync("/4 nodes done", Patience.Job));
            var window = await first.SeesAsync("holds: scylla-messages-stg-us-east1-", Patience.Job);
            Assert.Contains("RUNNING", window);
            Assert.Contains(" s, gives up at ", window);
            Assert.Contains("us-east1/b", window);
            Assert.Contains("Ctrl-C detaches; the job goes on", window);
            Assert.Contains("NORMAL", await first.SeesAsync("+ up, - down", Patience.Answer));
            await first.SeesAsync($"{begin + 1}/4 nodes done", Patience.Job);
            job = (await Ctl.JsonAsync("job list")).GetProperty("jobs")[0].GetProperty("id").GetString()!;
            await first.KillAsync();
        }

        Assert.Equal("running", (await Ctl.JsonAsync($"job show {job}")).GetProperty("state").GetString());
        await using var second = await Tmux.StartAsync(Folder, Host.Socket);
        await second.TypeAsync($"scyllactl job watch {job}; echo \"ended with $?\"");
        await second.SeesAsync("/4 nodes done", Patience.Job);

        await Host.KillAsync();
        await second.SeesAsync("the bot is away since", Patience.Answer);
        await Host.StartAgainAsync();

        await second.SeesAsync("ended with 0", Patience.Job);
        var end = await second.ScreenAsync();
        Assert.Contains($"{job}  SUCCEEDED  4/4 nodes done", end);
        Assert.DoesNotContain("Ctrl-C detaches", end);
    }

    /// <summary>The last count on the screen.</summary>
    private static int DoneIn(string screen) => screen[screen.LastIndexOf("/4 nodes done", StringComparison.Ordinal) - 1] - '0';

    [TmuxFact]
    public async Task Ctrl_C_detaches_and_says_how_to_watch_again()
    {
        await using var tmux = await Tmux.StartAsync(Folder, Host.Socket);
        await tmux.TypeAsync("scyllactl job run rolling_restart --cluster=messages-stg --zone=us-east1/b --yes; echo \"ended with $?\"");
        await tmux.SeesAsync("/3 nodes done", Patience.Job);

        await tmux.PressAsync("C-c");

        var screen = await tmux.SeesAsync("ended with 130", Patience.Answer);
        Assert.Contains("goes on. `scyllactl job watch ", screen.ReplaceLineEndings(" "));
        Assert.Equal("running", (await Ctl.JsonAsync("job list")).GetProperty("jobs")[0].GetProperty("state").GetString());
    }
}

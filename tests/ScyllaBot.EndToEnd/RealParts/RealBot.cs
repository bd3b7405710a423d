using System.Globalization;
using System.Text;
using System.Text.Json;
using ScyllaBot.Demo;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>
/// The bot as its user runs it: the host process with an inventory of real hosts, over ssh. Only its Discord is the sandbox's emulator.
/// All of it stands in the bed's network.
/// </summary>
internal sealed class RealBot : IAsyncDisposable
{
    private static readonly string[] Ends = ["Succeeded", "Halted", "Failed", "Aborted"];

    private readonly HostBed _bed;
    private readonly Scratch _files = new();
    private readonly SandboxUnderTest _discord;
    private readonly string _workflows;
    private readonly List<(string Name, string Value)> _settings = [];
    private BuiltProgram? _program;

    private RealBot(HostBed bed, SandboxUnderTest discord, (string File, string Text)[] workflows)
    {
        (_bed, _discord) = (bed, discord);
        _workflows = _files.Workflows(workflows);
    }

    public DemoScene Scene { get; private set; } = null!;

    /// <summary>Operator.</summary>
    public DemoUser Mara => Scene.User("mara", "ops");

    /// <summary>Operator and approver.</summary>
    public DemoUser Jon => Scene.User("jon", "ops");

    public string Database => Path.Combine(_files["state"], "scyllabot.db");

    public string Output => _program is { } running ? $"{running.Output}\n{running.Errors}" : "";

    /// <param name="bed">Whose hosts.</param>
    /// <param name="more">Lines of the cluster's inventory entry, such as its Prometheus.</param>
    /// <param name="workflows">Besides those that ship.</param>
    public static async Task<RealBot> StartAsync(HostBed bed, string more = "", params (string File, string Text)[] workflows)
    {
        // Its database is empty, so what an earlier test's bot left would make the cluster read-only (R13).
        await Task.WhenAll(bed.All.Select(host => host.ShAsync("rm", "-rf", "/var/lib/scyllabot")));
        var discord = await SandboxUnderTest.StartAsync(Path.GetTempPath(), speed: 1, seed: 1, (bed.Network, BedNetwork.Handler(bed.Network)));
        var bot = new RealBot(bed, discord, workflows);
        try
        {
            bot.Scene = await discord.SceneAsync();
            await bot.ConfigureAsync(more);
            await bot.StartAgainAsync();
            return bot;
        }
        catch
        {
            await bot.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: it says and saves nothing more.</summary>
    public Task KillAsync() => _program!.KillAsync();

    /// <summary>After a kill, or the first time; returns when it is connected to its Discord.</summary>
    public async Task StartAgainAsync()
    {
        if (_program is { } dead)
        {
            await dead.DisposeAsync();
        }

        await Eventually.TrueAsync(async () => !await _discord.IsBotOnlineAsync(), "the old bot's connection to be gone", Patience.Answer);
        var program = _program = BuiltProgram.StartWithin(_bed.Network, "ScyllaBot", _files.Folder, _settings, "--state", _files["state"], "--workflows", _workflows);
        await Eventually.TrueAsync(
            async () => program.HasExited
                ? throw new InvalidOperationException($"the bot ended at its start:\n{Output}")
                : await _discord.IsBotOnlineAsync() && (await _discord.GetAsync("/page-api/world")).GetProperty("commands").GetArrayLength() > 0,
            "the bot to be online", Patience.Start);
    }

    /// <summary>Plans, starts and approves it.</summary>
    /// <returns>The job's id.</returns>
    public async Task<string> RunAsync(string workflow, string? nodes = null, string? variables = null)
    {
        var options = new List<(string, string)> { ("workflow", workflow), ("cluster", HostBed.Cluster) };
        if (nodes is not null)
        {
            options.Add(("nodes", nodes));
        }

        if (variables is not null)
        {
            options.Add(("vars", variables));
        }

        var plan = await Mara.AskAsync("run", [.. options]);
        Assert.True(plan.Button("Start") is not null, $"no plan but: {plan.Text}\n{Output}");
        var started = await Mara.PressedAsync(plan, "Start");

        // What takes no node down needs no second person; then the job's card is there at once.
        var known = started.Text.Split([' ', '`', '.', ':', ';', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => w.Length == 14 && w.All(char.IsAsciiLetterOrDigit)).ToHashSet(StringComparer.Ordinal);
        var card = await Jon.WaitAsync(
            m => !m.IsEphemeral && m.Footer.Split(' ') is [var job, ..] && known.Contains(job)
                && (m.Button("Approve") is not null || m.Title.StartsWith('▶') || IsOver(m)),
            $"the question or the card of what was started ({started.Text})", Patience.Answer, CancellationToken.None);
        if (card.Button("Approve") is not null)
        {
            await Jon.PressAsync("Approve", m => m.Id == card.Id, Patience.Answer, CancellationToken.None);
        }

        return card.Footer.Split(' ')[0];
    }

    /// <summary>Returns when it is true; a job that ends or halts before fails at once.</summary>
    public async Task UntilAsync(string job, Func<bool> look, string what) => await Eventually.TrueAsync(
        async () => look() || (await OverAsync(job) is { } over && (look() ? true
            : throw new InvalidOperationException($"{what} never came: {over.Text}\n--- the bot said\n{Tail()}"))),
        what, Patience.Job, TimeSpan.FromMilliseconds(30));

    /// <summary>Returns when the job has succeeded; a halt or another end fails at once, with all that the bot said.</summary>
    public async Task SucceedsAsync(string job)
    {
        var end = await EndAsync(job, IsOver);
        Assert.True(end.Title.Contains("Succeeded", StringComparison.Ordinal), $"{end.Text}\n--- the bot said\n{Tail()}");
    }

    public async Task<DemoMessage> EndAsync(string job, Func<DemoMessage, bool> where)
    {
        try
        {
            return await Mara.WaitAsync(
                m => !m.IsEphemeral && m.Footer.StartsWith(job, StringComparison.Ordinal) && where(m), $"news of {job}", Patience.Job * 2, CancellationToken.None);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n--- the bot said\n{Tail()}", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is { } program)
        {
            await program.DisposeAsync();
        }

        await _discord.DisposeAsync();
        _files.Dispose();
    }

    private async Task<DemoMessage?> OverAsync(string job) => (await Mara.MessagesAsync(CancellationToken.None))
        .LastOrDefault(m => !m.IsEphemeral && m.Footer.StartsWith(job, StringComparison.Ordinal) && IsOver(m));

    private static bool IsOver(DemoMessage message) => Ends.Any(end => message.Title.Contains(end, StringComparison.Ordinal));

    private string Tail() => Output[^Math.Min(Output.Length, 8_000)..];

    private async Task ConfigureAsync(string more)
    {
        var inventory = new StringBuilder(
            $"""
            clusters:
              - name: {HostBed.Cluster}
                environment: staging
                mode: run
                transport: ssh
                ssh:
                  config: {Path.Combine(HostBed.State, "ssh_config")}
                  user: ops
                  helper: false

            """);
        inventory.Append(more).Append("    nodes:\n");
        foreach (var host in _bed.All)
        {
            inventory.Append(CultureInfo.InvariantCulture, $"      - {{ name: {host.Name}, address: {host.Address}, host_id: {host.HostId}, dc: us-east1, rack: {host.Rack} }}\n");
        }

        await File.WriteAllTextAsync(_files["inventory.yaml"], inventory.ToString());
        var world = await _discord.GetAsync("/page-api/world");
        _settings.AddRange(
        [
            ("ScyllaBot__Inventory", _files["inventory.yaml"]),
            ("ScyllaBot__Discord__ApiBase", _discord.Address.DiscordApi.ToString()),
            ("ScyllaBot__Discord__Token", _discord.Address.Token),
            ("ScyllaBot__Discord__GuildId", world.GetProperty("guild").GetProperty("id").GetString()!),
            ("ScyllaBot__Discord__Channels__ops", IdOf(world, "channels", "ops")),
            ("ScyllaBot__Discord__Roles__Read__0", IdOf(world, "roles", "reader")),
            ("ScyllaBot__Discord__Roles__Operate__0", IdOf(world, "roles", "operator")),
            ("ScyllaBot__Discord__Roles__Approve__0", IdOf(world, "roles", "approver")),
            ("ScyllaBot__Discord__OnCallRole", IdOf(world, "roles", "on-call")),
        ]);
    }

    private static string IdOf(JsonElement world, string list, string name) =>
        world.GetProperty(list).EnumerateArray().First(e => e.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
}

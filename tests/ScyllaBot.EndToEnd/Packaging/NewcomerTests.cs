using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.EndToEnd.RealParts;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Packaging;

/// <summary>
/// The README's set-up, step by step, as somebody does it who never saw ScyllaBot: on real hosts over ssh, with the emulator in the place of Discord's address. What differs from
/// the README: names and ids are this bed's, and the bed's ssh configuration is named, because it is not that of the user who runs the tests.
/// </summary>
[Collection("real parts")]
public sealed class NewcomerTests(HostBed bed) : IDisposable
{
    private static readonly TimeSpan Reach = TimeSpan.FromMinutes(2);
    private readonly Scratch _files = new();
    private readonly List<(string, string)> _environment = [];

    public void Dispose() => _files.Dispose();

    [BedFact]
    public async Task The_set_up_of_the_README_leads_to_a_bot_that_plans_and_touches_nothing()
    {
        var readme = RepositoryFiles.Read("README.md");
        await using var discord = await SandboxUnderTest.StartAsync(Path.GetTempPath(), speed: 1, seed: 1, (bed.Network, BedNetwork.Handler(bed.Network)));
        var login = new[] { "--ssh-config", Path.Combine(HostBed.State, "ssh_config"), "--ssh-user", "ops" };

        // 1. Discord: the token in a file of its own.
        await File.WriteAllTextAsync(_files["discord"], discord.Address.Token);
        File.SetUnixFileMode(_files["discord"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _environment.Add(("ScyllaBot__Discord__ApiBase", discord.Address.DiscordApi.ToString()));

        // 2. Inventory.
        await DoAsync(readme, "ScyllaBot inventory import --from-node scylla-1.example --out inventory.yaml", words =>
            [.. words.Select(w => w == "scylla-1.example" ? bed["b", 1].Name : w), .. login]);
        var inventory = await File.ReadAllTextAsync(_files["inventory.yaml"]);
        Assert.Contains("environment: production", inventory, StringComparison.Ordinal);
        Assert.Contains("mode: observe", inventory, StringComparison.Ordinal);
        Assert.All(bed.All, host => Assert.Contains(host.HostId.ToString(), inventory, StringComparison.Ordinal));

        // 3. SSH.
        await DoAsync(readme, "ScyllaBot nodes install inventory.yaml", words => words);

        // 4. Settings: the sample's paths are a package's, and the README names each that has to be another here.
        Assert.All((string[])["Inventory", "Workflows", "State", "Control:Socket", "Discord:TokenFile", "Logs:Path"], key => Assert.Contains($"`{key}`", readme, StringComparison.Ordinal));
        await SettingsAsync(await discord.GetAsync("/page-api/world"));

        // 5. Look, then start. Its commands are not there before its first start, and nothing else is to know.
        var doctor = await RunAsync(["doctor"]);
        Assert.True(doctor.Exit == 0, doctor.Output);
        Assert.DoesNotContain("✗", doctor.Output, StringComparison.Ordinal);
        await using var bot = BuiltProgram.StartWithin(bed.Network, "ScyllaBot", _files.Folder, _environment);
        await Eventually.TrueAsync(
            async () => bot.HasExited ? throw new InvalidOperationException($"it ended at its start:\n{bot.Output}\n{bot.Errors}")
                : await discord.IsBotOnlineAsync() && (await discord.GetAsync("/page-api/world")).GetProperty("commands").GetArrayLength() > 0,
            "the bot to be online", Patience.Start);
        var mara = (await discord.SceneAsync()).User("mara", "ops");

        Assert.Contains("/scp run", (await mara.AskAsync("help")).Plain, StringComparison.Ordinal);
        var plan = await mara.AskAsync("plan", ("workflow", "rolling_restart"), ("cluster", ClusterOf(inventory)));
        Assert.Contains("Is it safe?", plan.Text, StringComparison.Ordinal);
        Assert.Null(plan.Button("Start"));
        var run = await mara.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", ClusterOf(inventory)), ("reason", "curious"));
        Assert.Null(run.Button("Start"));
        Assert.Contains("observe mode", run.Text, StringComparison.Ordinal);
    }

    /// <summary>A command line that the README prints, with this bed's names.</summary>
    private async Task DoAsync(string readme, string line, Func<string[], string[]> own)
    {
        Assert.Contains(line, readme, StringComparison.Ordinal);
        var (exit, output) = await RunAsync(own(line.Split(' ')[1..]));
        Assert.True(exit == 0, $"{line} ended with {exit}:\n{output}");
    }

    private async Task<(int Exit, string Output)> RunAsync(string[] words)
    {
        await using var program = BuiltProgram.StartWithin(bed.Network, "ScyllaBot", _files.Folder, _environment, words);
        var exit = await program.ExitAsync(Reach);
        return (exit, $"{program.Output}\n{program.Errors}");
    }

    /// <summary>The sample, with the ids filled in, in the folder that the bot is started in.</summary>
    private async Task SettingsAsync(JsonElement world)
    {
        string Id(string list, string name) => world.GetProperty(list).EnumerateArray().First(e => e.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;
        var settings = JsonNode.Parse(RepositoryFiles.Read("deploy/appsettings.Production.json"))!;
        var bot = settings["ScyllaBot"]!;
        (bot["State"], bot["Workflows"], bot["Inventory"], bot["Control"]!["Socket"]) = (_files["state"], _files.Workflows(), _files["inventory.yaml"], _files["control.sock"]);
        bot["Control"]!["ChatIds"]!["alice"] = Id("users", "mara");
        settings["Logs"]!["Path"] = _files["logs/scyllabot-.log"];
        var chat = bot["Discord"]!;
        chat["TokenFile"] = _files["discord"];
        chat["GuildId"] = world.GetProperty("guild").GetProperty("id").GetString();
        foreach (var channel in chat["Channels"]!.AsObject().Select(c => c.Key).ToArray())
        {
            chat["Channels"]![channel] = Id("channels", channel);
        }

        (chat["Roles"]!["Operate"]![0], chat["Roles"]!["Approve"]![0], chat["OnCallRole"]) = (Id("roles", "operator"), Id("roles", "approver"), Id("roles", "on-call"));
        await File.WriteAllTextAsync(_files["appsettings.Production.json"], settings.ToJsonString());
    }

    private static string ClusterOf(string inventory) =>
        inventory.Split('\n').Select(l => l.Trim().TrimStart('-').Trim()).First(l => l.StartsWith("name:", StringComparison.Ordinal))["name:".Length..].Trim().Trim('"', '\'');
}

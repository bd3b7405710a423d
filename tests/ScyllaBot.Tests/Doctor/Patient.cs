using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Control;
using ScyllaBot.Discord;
using ScyllaBot.Doctor;
using ScyllaBot.Real;
using ScyllaBot.Sandbox;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Transports;

namespace ScyllaBot.Tests.Doctor;

/// <summary>
/// A bot's whole surroundings, sane until somebody plants a fault: files of its own, the sandbox's clusters and its Discord behind real sockets.
/// </summary>
internal sealed partial class Patient : IAsyncDisposable
{
    public const string Cluster = "search-stg";
    private readonly SandboxHost _host;

    private Patient(SandboxHost host) => _host = host;

    public string Folder { get; } = Directory.CreateTempSubdirectory("doctor-").FullName;

    public HttpClient Http { get; } = new();

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Text of the inventory file; null = there is no file.</summary>
    public string? Inventory { get; set; }

    /// <summary>Of all the sandbox's clusters, as a bot in the sandbox has it.</summary>
    public string Everything { get; private set; } = "";

    /// <summary>Told of the case before it is looked at.</summary>
    public Func<DoctorCase, DoctorCase> Change { get; set; } = c => c;

    public string State => Path.Combine(Folder, "state");

    public string Url => _host.Url;

    public static async Task<Patient> SaneAsync()
    {
        var host = SandboxHost.Build(CommandLine.Parse(["all", "--speed", "30"], out _)!, TimeProvider.System);
        await host.StartAsync(CancellationToken.None);
        var patient = new Patient(host);
        var all = patient.Everything = await patient.Http.GetStringAsync($"{host.Url}/sandbox/inventory");
        patient.Inventory = "clusters:\n" + ClusterBlock().Matches(all).Single(m => m.Value.StartsWith($"  - name: {Cluster}\n", StringComparison.Ordinal)).Value;
        await patient.FilesAsync();
        await patient.RegisterAsync(ScyllaBot.Discord.Commands.CommandDefinition.Build());
        return patient;
    }

    public async Task RegisterAsync(JsonArray commands)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Url}/api/v10/applications/{Known.Application}/guilds/{Known.Guild}/commands") { Content = JsonContent.Create(commands) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bot {Known.Token}");
        request.Headers.TryAddWithoutValidation("User-Agent", "DiscordBot (https://scyllabot.invalid, 0.1)");
        using var answer = await Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    public async Task PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync($"{Url}{path}", body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A file that only its owner may read.</summary>
    public string Secret(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public void Workflow(string name, string text) => File.WriteAllText(Path.Combine(Folder, "workflows", name), text);

    /// <summary>A node's line of the inventory, such as <c>rack</c>, changed.</summary>
    public void Node(int index, string key, string value)
    {
        var lines = Inventory!.Split('\n');
        var at = lines.Index().Where(l => l.Item.StartsWith($"        {key}: ", StringComparison.Ordinal)).ElementAt(index).Index;
        lines[at] = $"        {key}: {value}";
        Inventory = string.Join('\n', lines);
    }

    public string NodeValue(int index, string key) =>
        Inventory!.Split('\n').Where(l => l.StartsWith($"        {key}: ", StringComparison.Ordinal)).ElementAt(index).Split(": ", 2)[1];

    public string NodeName(int index) => NodeLine().Matches(Inventory!)[index].Groups["name"].Value;

    public DoctorCase Case(RealTransports transports)
    {
        if (Inventory is not null)
        {
            File.WriteAllText(Path.Combine(Folder, "inventory.yaml"), Inventory);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        return Change(CaseReader.Read(new HostArguments(), configuration, [], transports));
    }

    public async Task<DoctorReport> LookAsync(string? cluster = null)
    {
        using var client = HttpExchange.NewClient();
        await using var transports = RealTransports.Open(client);
        return await BotDoctor.RunAsync(Case(transports), cluster, (_, _) => { }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task FilesAsync()
    {
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Path.Combine(Folder, "workflows"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "workflows"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(Folder, "workflows", Path.GetFileName(file)));
        }

        Set("State", State);
        Set("Workflows", Path.Combine(Folder, "workflows"));
        Set("Inventory", Path.Combine(Folder, "inventory.yaml"));
        Set("Calls:Pager", $"file:{Secret("pager", "https://pager.invalid/hook")}");
        Set("Heartbeat:Url", $"file:{Secret("heartbeat", "https://alive.invalid/beat")}");
        var discord = new DiscordOptions();
        (await ScyllaBot.Sandbox.SandboxWorld.ReadAsync(Http, SandboxAddress.Of(new Uri(Url)), CancellationToken.None))(discord);
        Set("Discord:ApiBase", $"{Url}/api");
        Set("Discord:TokenFile", Secret("token", Known.Token));
        Set("Discord:GuildId", discord.GuildId);
        Set("Discord:OnCallRole", discord.OnCallRole);
        foreach (var (name, id) in discord.Channels)
        {
            Set($"Discord:Channels:{name}", id);
        }

        foreach (var (right, ids) in discord.Roles)
        {
            foreach (var (index, id) in ids.Index())
            {
                Set($"Discord:Roles:{right}:{index}", id);
            }
        }
    }

    public void Set(string key, string? value) => Settings[$"ScyllaBot:{key}"] = value;

    [GeneratedRegex(@"^  - name: (.*\n(?!  - name: ))*.*\n?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClusterBlock();

    [GeneratedRegex(@"^      - name: (?<name>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeLine();
}

using ScyllaBot.Core.Control;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Tests.Doctor;

/// <summary>Every fault that is planted, beside those of ssh (SshFaultTests).</summary>
internal static class Faults
{
    public static IReadOnlyList<Fault> All { get; } = [.. Bot(), .. Files(), .. Discord(), .. Nodes(), .. Beside()];

    private static IEnumerable<Fault> Bot() =>
    [
        Of("a misspelt key", p => p.Set("Inventry", "x"), "settings", "Inventry is no setting, did you mean Inventory?", "appsettings.json"),
        Of("a value that is not allowed", p => p.Set("ResumeOnStart", "never"), "settings", "ResumeOnStart", "appsettings.json"),
        Of("an id that is still the sample's", p => p.Set("Control:ChatIds:alice", "000000000000000000"), "settings", "ScyllaBot:Control:ChatIds:alice is 000000000000000000", "appsettings.json"),
        Of("a value of the wrong type", p => p.Set("MaxDisruptiveJobs", "many"), "settings", "MaxDisruptiveJobs", "appsettings.json") with { Hides = true },
        Of("a pager without an address", p => p.Set("Calls:Pager", $"file:{p.Secret("pager", "telephone mara")}"), "pager-heartbeat", "the pager has no address", "Calls:Pager"),
        Of("a heartbeat whose secret is nowhere", p => p.Set("Heartbeat:Url", "env:SCYLLABOT_NOWHERE"), "pager-heartbeat", "SCYLLABOT_NOWHERE: not set", "Heartbeat:Url"),
        Of("a workflow with a mistake", p => p.Workflow("mine.yaml", "name: Mine\ncluster_tasks:\n  - task: !clenup\n"), "workflows", "mine.yaml:3", "correct the file"),
        Of("no workflow folder", p => p.Set("Workflows", Path.Combine(p.Folder, "nowhere")), "workflows", "no workflow folder", "ScyllaBot:Workflows") with { Hides = true },
        Of("a file HALT", p => File.WriteAllText(Path.Combine(p.State, "HALT"), "for the doctor"), "halt-file", "everything is halted", "remove the file") with { Level = DoctorLevel.Warning },
    ];

    private static IEnumerable<Fault> Files() =>
    [
        Of("a state that is a file", p => p.Set("State", p.Secret("a-file", "x")), "state", "is a file", "ScyllaBot:State") with { Hides = true },
        Of("a database of a newer version", p => Database(p, "PRAGMA application_id = 1399014004; PRAGMA user_version = 999"), "state", "of a newer ScyllaBot: schema version 999", "newer version") with { Hides = true },
        Of("a database of something else", p => Database(p, "PRAGMA application_id = 7"), "state", "a database of something else", "ScyllaBot:State") with { Hides = true },
        Of("a database that is none", p => File.WriteAllText(Path.Combine(p.State, "scyllabot.db"), new string('x', 5000)), "state", "is damaged", "restore a backup"),
        Of("an inventory that is not there", p => p.Inventory = null, "inventory", "can not be read", "docs/inventory.md") with { Hides = true },
        Of("an inventory with a misspelt key", p => p.Inventory = p.Inventory!.Replace("    mode: run", "    mood: run", StringComparison.Ordinal), "inventory", "mood", "docs/inventory.md") with { Hides = true },
        Of("an exemption that has ended", p => p.Inventory = p.Inventory!.Replace("        by: sandbox", "        by: sandbox\n        until: 2020-01-01T00:00:00Z", StringComparison.Ordinal),
            "inventory", "the exemption of system_traces ended on 2020-01-01", "new end") with { Level = DoctorLevel.Warning },
    ];

    private static IEnumerable<Fault> Discord() =>
    [
        Of("no token", p => p.Set("Discord:TokenFile", null), "discord-token", "there is no Discord token", "ScyllaBot__Discord__Token") with { Hides = true },
        Of("a token file that is not there", p => p.Set("Discord:TokenFile", "/nowhere/token"), "discord-token", "/nowhere/token can not be read", "TokenFile") with { Hides = true },
        Of("a token that Discord refuses", p => p.Secret("token", "sandbox.token.2"), "discord-token", "refuses the token (401)", "Reset Token") with { Hides = true, Also = Guild },
        Of("a token file for everybody", p => File.SetUnixFileMode(p.Settings["ScyllaBot:Discord:TokenFile"]!, (UnixFileMode)0b110_100_100),
            "discord-token", "everybody on this machine", "chmod 0600") with { Level = DoctorLevel.Warning },
        Of("Discord's address in clear text", p => p.Set("Discord:ApiBase", "http://discord.example/api"), "discord-token", "in clear text", "token") with { Hides = true },
        Of("nobody at Discord's address", p => p.Set("Discord:ApiBase", "http://127.0.0.1:1/api"), "discord-token", "does not answer", "firewall") with { Hides = true, Also = Guild },
        Of("another guild", p => p.Set("Discord:GuildId", "1100000000000000999"), "discord-guild", "in no guild 1100000000000000999", "oauth2/authorize?client_id=1100000000000000010") with { Hides = true, Also = Guild },
        Of("a channel that is not there", p => p.Set("Discord:Channels:ops", "1100000000000000777"), "discord-channels", "ops: the guild has no channel 1100000000000000777", "Copy Channel ID"),
        Of("a channel that is a category", p => p.Set("Discord:Channels:lost", $"{Known.Category}"), "discord-channels", "lost: #channels is no text channel", "a text channel"),
        OfAsync("a channel where the bot may not embed or open threads", p => p.PostAsync("/page-api/faults", new { kind = "deny", channel = $"{Known.InfraDoing}", permissions = $"{(1UL << 14) | (1UL << 35)}" }),
            "discord-channels", "in #infra-doing the bot lacks Embed Links, Create Public Threads", "allow its role there"),
        OfAsync("a channel that the bot can not see", p => p.PostAsync("/page-api/faults", new { kind = "no-access", channel = $"{Known.Staging}" }),
            "discord-channels", "the bot can not see #staging", "View Channel"),
        Of("a role that is not there", p => p.Set("Discord:Roles:Approve:0", "1100000000000000778"), "discord-roles", "Approve: the guild has no role 1100000000000000778", "Copy Role ID"),
        Of("an on-call role that nobody may mention", p => p.Set("Discord:OnCallRole", $"{Known.Operator}"), "discord-on-call", "@operator can not be mentioned", "Allow anyone to @mention"),
        OfAsync("commands that are not registered", p => p.RegisterAsync([]), "discord-commands", "/scp is not registered", "start the bot") with { Level = DoctorLevel.Warning },
    ];

    private static IEnumerable<Fault> Nodes() =>
    [
        Of("an API's port where metrics are", p => p.Node(0, "api", p.NodeValue(0, "metrics").Replace("/metrics", "", StringComparison.Ordinal)), "rest", "is not Scylla's REST API (status 404)", "port is 10000") with { Hides = true },
        Of("an API's port where nobody is", p => p.Node(1, "api", "http://127.0.0.1:1"), "rest", "nobody answers by direct HTTP", "whether Scylla runs there"),
        Of("another host id", p => p.Node(2, "host_id", "8d5ed9f4-7764-4dbd-bad8-43fddce94b7c"), "rest", "the inventory says 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c", "correct host_id"),
        Of("two nodes' APIs exchanged", Exchange, "rest", "that answers", "correct api (or ssh_host) of both"),
        Of("another rack", p => p.Node(5, "rack", "z"), "ring", "the inventory says zone", "correct the inventory"),
        Of("metrics where none are", p => p.Node(0, "metrics", $"{p.Url}/sandbox/clock"), "metrics", "are not Scylla's metrics", "port 9180"),
        OfAsync("Scylla stopped on a node", p => p.PostAsync($"/sandbox/nodes/{p.NodeName(5)}/power", new { on = false }), "cql", "", "serves CQL") with { Also = ["rest", "metrics", "prometheus"] },
        Of("a door to another machine", p => p.Node(0, "commands", $"{p.Url}/sandbox/nodes/nobody/exec"), "reach", "answered 404", "try it by hand") with { Also = ["cql", "clock"] },
    ];

    private static IEnumerable<Fault> Beside() =>
    [
        Of("another cluster's Prometheus", p => p.Inventory = p.Inventory!.Replace($"{Patient.Cluster}/prometheus", "guilds-stg/prometheus", StringComparison.Ordinal),
            "prometheus", "does not scrape it as job scylla", "add the node to the targets"),
        Of("nobody at Alertmanager's address", p => p.Inventory = p.Inventory!.Replace($"{p.Url}/sandbox/services/{Patient.Cluster}/alertmanager", "http://127.0.0.1:1", StringComparison.Ordinal),
            "alertmanager", "http://127.0.0.1:1", "correct url of alertmanager"),
        Of("a cluster that Scylla Manager does not know", p => p.Inventory = p.Inventory!.Replace($"cluster: {Patient.Cluster}", "cluster: searching", StringComparison.Ordinal),
            "manager", "knows no cluster searching; it knows search-stg", "sctool cluster add"),
        Of("a secret that is nowhere", p => p.Inventory = p.Inventory!.Replace("    nodes:", "    cql: {username: reader, password: \"file:/nowhere/cql\"}\n    nodes:", StringComparison.Ordinal),
            "secrets", "file:/nowhere/cql", "chmod 0600") with { Also = ["cql"] },
        Of("a runner without ansible", p => p.Inventory = p.Inventory!.Replace("    nodes:", $"    ansible: {{runner: {p.NodeName(3)}, directory: /srv/nowhere}}\n    nodes:", StringComparison.Ordinal),
            "ansible", "has no ansible-playbook", "install Ansible there"),
        Of("nobody at salt-api's address", p => p.Inventory = p.Inventory!.Replace("    nodes:", $"    salt: {{url: \"http://127.0.0.1:1\", username: bot, password: \"file:{p.Secret("salt", "x")}\"}}\n    nodes:", StringComparison.Ordinal),
            "salt", "http://127.0.0.1:1", "correct url of salt"),
        Of("a provisioner that is not there", p => p.Inventory = p.Inventory!.Replace("    nodes:", $"    provisioner: {{runner: runner-1, program: /opt/nowhere, commands: \"{p.Url}/sandbox/nodes/{p.NodeName(4)}/exec\"}}\n    nodes:", StringComparison.Ordinal),
            "provisioner", "has no executable /opt/nowhere", "/etc/scyllabot/provisioners"),
        Of("nobody at the data service's address", p => p.Inventory = p.Inventory!.Replace("    nodes:", "    data_service: {url: \"http://127.0.0.1:1\"}\n    nodes:", StringComparison.Ordinal),
            "data-service", "http://127.0.0.1:1", "correct url of data_service"),
    ];

    private static readonly string[] Guild = ["discord-commands", "discord-channels", "discord-roles", "discord-on-call"];

    private static Fault Of(string name, Action<Patient> plant, string check, string seen, string remedy) => new(
        name,
        p =>
        {
            plant(p);
            return Task.CompletedTask;
        },
        check, seen, remedy);

    private static Fault OfAsync(string name, Func<Patient, Task> plant, string check, string seen, string remedy) => new(name, plant, check, seen, remedy);

    private static void Exchange(Patient p)
    {
        var (third, fourth) = (p.NodeValue(3, "api"), p.NodeValue(4, "api"));
        p.Node(3, "api", fourth);
        p.Node(4, "api", third);
    }

    private static void Database(Patient p, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(p.State, "scyllabot.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = $"CREATE TABLE t (x); {sql}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

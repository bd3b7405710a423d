using System.Diagnostics;
using ScyllaBot.Core.Scylla;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Doctor;

namespace ScyllaBot.Tests.Doctor;

public sealed class SudoersTests
{
    private const string Restart = "name: Restart\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    - task: !systemd-start-service {service: scylla-server}\n";
    private const string Watch = "name: Watch\ncluster_tasks:\n- task: !get-repair-status\n";
    private const string Wipe = "name: Wipe\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    - task: !wipe-data {host_name: a}\n";

    [Fact]
    public async Task A_login_gets_one_line_for_the_script_and_what_it_is_for_stands_beside_it()
    {
        var text = await OfAsync([Of("one")], ("restart.yaml", Restart), ("watch.yaml", Watch));

        Assert.Equal(["ops ALL=(root) NOPASSWD: /usr/local/sbin/scyllabot-node"], Lines(text));
        Assert.Contains("# one: as root for restart:\n#   systemctl start <unit>\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("apt-get", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R13_where_workflows_run_nothing_as_root_the_bot_itself_still_does()
    {
        var text = await OfAsync([Of("one")], ("watch.yaml", Watch));

        Assert.Equal(["ops ALL=(root) NOPASSWD: /usr/local/sbin/scyllabot-node"], Lines(text));
        Assert.Contains("# one: as root for the bot itself", text, StringComparison.Ordinal);
        Assert.All(RootCommands.OfTheBot, c => Assert.Contains($"#   {c}\n", text, StringComparison.Ordinal));
        Assert.Contains("no workflow runs anything as root there", text, StringComparison.Ordinal);
        Assert.DoesNotContain("systemctl", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_only_observed_needs_no_line()
    {
        Assert.Empty(Lines(await OfAsync([Of("one", mode: "observe")], ("restart.yaml", Restart))));
    }

    [Fact]
    public async Task What_a_cluster_has_not_enabled_it_needs_nothing_for()
    {
        Assert.DoesNotContain("wipe", await OfAsync([Of("one")], ("wipe.yaml", Wipe)), StringComparison.Ordinal);

        var enabled = await OfAsync([Of("one", more: "    enables: [wipe-data]\n")], ("wipe.yaml", Wipe));
        Assert.Single(Lines(enabled));
        Assert.Contains("#   wipe ...", enabled, StringComparison.Ordinal);
        Assert.Contains("/etc/scyllabot/allow-wipe", enabled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_any_command_may_be_run_that_is_said()
    {
        var run = "name: Any\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    - task: !run-command {command: [uptime], restarts_scylla: false}\n";
        var text = await OfAsync([Of("one", more: "    enables: [run-command]\n")], ("any.yaml", run));

        Assert.Contains("#   any command at all\n", text, StringComparison.Ordinal);
        Assert.Contains("/etc/scyllabot/allow-run-command on the node: that is FULL ROOT", text, StringComparison.Ordinal);
        Assert.Single(Lines(text));
    }

    [Fact]
    public async Task A_workflow_with_mistakes_can_not_run_and_needs_nothing()
    {
        Assert.DoesNotContain("systemctl", await OfAsync([Of("one")], ("restart.yaml", Restart + "    - task: !nothing-like-it\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_script_it_says_that_the_line_is_full_root()
    {
        var text = await OfAsync([Of("one", ssh: "user: ops, helper: false")], ("restart.yaml", Restart));

        Assert.Equal(["ops ALL=(root) NOPASSWD: /bin/bash"], Lines(text));
        Assert.Contains("# FULL ROOT", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_stands_once_however_many_clusters_need_it()
    {
        Assert.Single(Lines(await OfAsync([Of("one"), Of("two", "user: ops", node: 2)], ("restart.yaml", Restart))));
        Assert.Equal(2, Lines(await OfAsync([Of("one"), Of("two", "user: dba", node: 2)], ("restart.yaml", Restart))).Length);
    }

    [Fact]
    public async Task A_login_that_nobody_knows_is_left_to_be_filled_in()
    {
        var text = await OfAsync([Of("one", ssh: "max_sessions: 4")], ("restart.yaml", Restart));

        Assert.Empty(Lines(text));
        Assert.Contains("# LOGIN ALL=(root) NOPASSWD: /usr/local/sbin/scyllabot-node", text, StringComparison.Ordinal);
    }

    [VisudoFact]
    public async Task Visudo_accepts_it_for_all_workflows_that_ship()
    {
        var files = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "workflows"), "*.yaml").Select(f => (Path.GetFileName(f), File.ReadAllText(f))).ToArray();
        var all = "    enables: [wipe-data, run-command, shadow-cluster, tear-down]\n    ansible: {runner: ops-1, directory: /srv/ansible}\n    provisioner: {runner: ops-2, program: /opt/make}\n";
        var text = await OfAsync([Of("one", more: all), Of("two", "user: dba, helper: false", node: 2), Of("three", "max_sessions: 2", node: 3)], files);

        Assert.Equal(3, Lines(text).Length);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal((0, true), await VisudoFactAttribute.CheckAsync(file));
        await File.WriteAllTextAsync(file + ".wrong", "ops ALL=(root NOPASSWD /bin/bash\n");
        Assert.NotEqual(0, (await VisudoFactAttribute.CheckAsync(file + ".wrong")).Exit);
        File.Delete(file);
        File.Delete(file + ".wrong");
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#')];

    private static Task<string> OfAsync(string[] clusters, params (string File, string Text)[] workflows) => Sudoers.OfAsync(
        StartChecks.Inventory("inventory", "clusters:\n" + string.Concat(clusters)), WorkflowLibrary.Of(workflows, TaskCatalog.Core), null,
        (access, _) => Task.FromResult(access.Ssh.User), CancellationToken.None);

    private static string Of(string name, string ssh = "user: ops", string mode = "run", int node = 1, string more = "") =>
        $"  - name: {name}\n    environment: staging\n    mode: {mode}\n    ssh: {{{ssh}}}\n{more}    nodes:\n"
        + $"      - {{name: n{node}, address: 10.0.0.{node}, host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7{node}, dc: a, rack: b}}\n";
}

/// <summary>Skipped, and saying so, where there is no visudo: neither installed nor in a bed's root filesystem.</summary>
public sealed class VisudoFactAttribute : FactAttribute
{
    private static readonly string? Visudo = new[] { "/usr/sbin/visudo", "/var/cache/scyllabot-bed/rootfs-bookworm/usr/sbin/visudo", "/var/cache/scp-bed/rootfs-bookworm/usr/sbin/visudo" }
        .FirstOrDefault(File.Exists);

    public VisudoFactAttribute()
    {
        if (Visudo is null)
        {
            Skip = "visudo is not installed";
        }
    }

    /// <returns>Its exit code, and whether it said that the file is fine.</returns>
    internal static async Task<(int Exit, bool SaysFine)> CheckAsync(string file)
    {
        // A bed's own program runs on its own libraries.
        var libraries = Visudo!.StartsWith("/var/", StringComparison.Ordinal) ? Visudo[..^"/usr/sbin/visudo".Length] : "";
        var start = new ProcessStartInfo(Visudo, ["-c", "-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LD_LIBRARY_PATH"] = libraries.Length > 0 ? $"{libraries}/usr/libexec/sudo:{libraries}/usr/lib/x86_64-linux-gnu" : "";
        using var visudo = Process.Start(start)!;
        var said = await visudo.StandardOutput.ReadToEndAsync() + await visudo.StandardError.ReadToEndAsync();
        await visudo.WaitForExitAsync();
        return (visudo.ExitCode, said.Contains("parsed OK", StringComparison.Ordinal));
    }
}

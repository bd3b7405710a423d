using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla;

/// <summary>
/// What each task or condition may run as root on a node, in shapes as scyllabot-node has them: <c>&lt;…&gt;</c> is one word, <c>...</c> at the end any
/// more of them. The catalogue's tests run every task and hold it to this.
/// </summary>
public static class RootCommands
{
    private const string Start = "systemctl start <unit>";
    private const string Stop = "systemctl stop <unit>";
    private const string Rescue = "systemd-run --collect --on-active=<seconds> --unit=<timer> systemctl start scylla-server";
    private const string Invocation = "systemctl show <unit> --property=InvocationID --value";
    private const string Any = "...";

    /// <summary>
    /// What the bot runs on its own, whichever workflow does: what an earlier one left and the fence against it (R13), and how a configuration stood
    /// before and after work by hand (R19).
    /// </summary>
    public static ImmutableArray<string> OfTheBot { get; } = ["cat <file>", "footprints <lease>", "true"];

    private static readonly string[] ReadFile = ["stat --format=<format> <file>", "cat <file>", "sha256sum <file>"];
    private static readonly string[] WriteFile = [.. ReadFile, "put-file <file> <mode> <owner> <sum>"];
    private static readonly string[] Hangup =
        [.. ReadFile, "systemctl kill -s HUP --kill-who=main <unit>", "journalctl -n 1 -o cat --no-pager --show-cursor", "journalctl -u <unit> -o cat --no-pager --after-cursor=<cursor>"];
    private static readonly string[] Clock = ["date +%s"];

    private static readonly ImmutableSortedDictionary<string, string[]> ByTag = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["ansible-playbook"] = ["ansible-playbook --limit <node> -i <inventory> ..."],
        ["apply-scylla-yaml"] = WriteFile,
        ["check-first-node"] = [.. ReadFile, "ls -A <folder>"],
        ["check-new-node"] = [.. ReadFile, "ls -A <folder>"],
        ["check-seeds"] = ReadFile,
        ["configure-node"] = WriteFile,
        ["data-directory-is"] = [.. ReadFile, "ls -A <folder>"],
        ["decommission"] = Clock,
        ["destroy-hosts"] = ["<provisioner> describe <request>", "<provisioner> destroy <request>"],
        ["hold-packages"] = ["apt-mark hold ...", "dnf -q versionlock add ...", "yum -q versionlock add ...", "apt-mark showhold", "dnf -q versionlock list", "yum -q versionlock list"],
        ["install-packages"] =
        [
            "apt-get -y -q update", "apt-get -y -q -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=<seconds> install ...",
            "apt-get -y -q -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=<seconds> --allow-downgrades install ...",
            "dnf -q makecache", "dnf -y -q install ...", "dnf -y -q downgrade ...", "yum -q makecache", "yum -y -q install ...", "yum -y -q downgrade ...", Invocation,
        ],
        ["prepare-replace"] = [.. WriteFile, "ls -A <folder>"],
        ["provision-hosts"] = ["<provisioner> plan <request>", "<provisioner> describe <request>", "<provisioner> provision <request>"],
        ["put-back-file"] = WriteFile,
        ["put-file"] = WriteFile,
        ["reboot"] = ["cat /proc/sys/kernel/random/boot_id", "systemctl is-system-running", "systemctl reboot"],
        ["rebuild"] = Clock,
        ["remove-node"] = Clock,
        ["run-command"] = [Any],
        ["salt-apply"] = ["salt-call --out=json --retcode-passthrough state.apply <state> ..."],
        ["salt-highstate"] = ["salt-call --out=json --retcode-passthrough state.highstate ..."],
        ["scylla-bring-back"] = [Start, Stop, Invocation, "systemctl list-units --plain --no-legend --full scp-rescue-*.timer"],
        ["send-sighup"] = Hangup,
        ["set-config-live"] = [.. Hangup, .. WriteFile],
        ["settle-join"] = ["systemctl disable <unit>"],
        ["systemd-daemon-reload"] = ["systemctl daemon-reload"],
        ["systemd-disable-service"] = ["systemctl disable <unit>"],
        ["systemd-enable-service"] = ["systemctl enable <unit>"],
        ["systemd-restart-service"] = ["systemctl restart <unit>", Invocation],
        ["systemd-start-service"] = [Start],
        ["systemd-stop-scylla-server"] = [Stop, Rescue],
        ["systemd-stop-service"] = [Stop],
        ["tablet-balancing"] = ["echo <text>"],
        ["unhold-packages"] = ["apt-mark unhold ...", "dnf -q versionlock delete ...", "yum -q versionlock delete ...", "apt-mark showhold", "dnf -q versionlock list", "yum -q versionlock list"],
        ["wipe-data"] = [.. ReadFile, "ls -A <folder>", "wipe ..."],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Shapes of a tag; none = nothing of it runs as root.</summary>
    public static IReadOnlyList<string> Of(string tag) => ByTag.GetValueOrDefault(tag, []);

    /// <summary>Tags of a workflow and of what the engine adds to it: a node that is taken down gets a rescue timer, and is brought back (R4).</summary>
    public static ImmutableSortedSet<string> WithRestore(ImmutableSortedSet<string> tags) =>
        tags.Any(t => TaskCatalog.Core.Find(t) is { IsTask: true, Tag.Direction: Direction.TakesDown }) ? tags.Union(["scylla-bring-back", "systemd-stop-scylla-server"]) : tags;

    /// <summary>What must stand under a cluster's <c>enables</c> before a tag may be used there; null = nothing.</summary>
    public static string? SwitchOf(string tag) => tag switch
    {
        "run-command" or "wipe-data" => tag,
        "provision-hosts" => "shadow-cluster",
        "destroy-hosts" => "tear-down",
        _ => null,
    };

    /// <summary>Whether an argv has one of these shapes.</summary>
    public static bool Covers(IEnumerable<string> shapes, IReadOnlyList<string> argv) => shapes.Any(s => Fits(s.Split(' '), argv));

    private static bool Fits(string[] shape, IReadOnlyList<string> argv)
    {
        var isOpen = shape[^1] == Any;
        var words = isOpen ? shape[..^1] : shape;
        return (isOpen ? argv.Count >= words.Length : argv.Count == words.Length) && words.Index().All(w => IsWord(w.Item, argv[w.Index]));
    }

    private static bool IsWord(string shape, string word) => shape.IndexOf('<', StringComparison.Ordinal) is var at && at < 0
        ? string.Equals(shape, word, StringComparison.Ordinal) : word.Length > at && word.StartsWith(shape[..at], StringComparison.Ordinal);
}

using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R18: what each task of the catalogue needs the lease for. A new task belongs into this table, with a thought.</summary>
public sealed class LeaseClassTests
{
    private static readonly string[] Topology = 
    [
        "abort-movement", "check-first-node", "check-new-node", "configure-node", "decommission", "destroy-hosts", "exclude-node", "prepare-replace", "remove-node", "settle-join", "wipe-data",
    ];

    private static readonly string[] Disruptive =
    [
        "ansible-playbook", "install-packages", "native-transport-off", "reboot", "run-command", "salt-apply", "salt-highstate", "scylla-drain",
        "systemd-restart-service", "systemd-stop-scylla-server", "systemd-stop-service",
    ];

    /// <summary>The work that R18 names; the rest of the background only looks or prepares.</summary>
    private static readonly string[] Yielding =
        ["cleanup", "cleanup-cluster", "compact", "manager-repair", "repair", "snapshot", "upgrade-sstables"];

    [Fact]
    public void R18_the_class_follows_from_what_a_task_is()
    {
        var classes = TaskCatalog.Core.Tasks.Where(t => t.Tag.Name != "node-workflow")
            .ToLookup(t => LeaseClasses.Of(Activator.CreateInstance(t.Type)!, t.Tag), t => t.Tag.Name);
        Assert.Equal(Topology, classes[LeaseClass.Topology].Order(StringComparer.Ordinal));
        Assert.Equal(Disruptive, classes[LeaseClass.Disruptive].Order(StringComparer.Ordinal));
        Assert.Subset(classes[LeaseClass.Background].ToHashSet(StringComparer.Ordinal), Yielding.ToHashSet(StringComparer.Ordinal));
    }
}

using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Real;

namespace ScyllaBot.Doctor;

/// <summary>The file of clusters: it can be read, has no mistakes, and says nothing that has gone stale.</summary>
internal sealed class InventoryCheck : IBotCheck
{
    public string Id => "inventory";

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct) => Task.FromResult(Look(@case));

    private IEnumerable<DoctorFinding> Look(DoctorCase @case)
    {
        if (@case.IsSandbox)
        {
            return [Good(@case.Inventory!)];
        }

        if (@case.Settings.Inventory is not { Length: > 0 } file)
        {
            return @case.Discord is null ? []
                : [DoctorFinding.Broken(Id, "a Discord token is configured, but no inventory: the bot does not start", "set ScyllaBot:Inventory to a file with your clusters (ScyllaBot inventory import writes one)")];
        }

        try
        {
            var inventory = InventoryFile.Read(Path.GetFullPath(file));
            return [.. Stale(inventory, @case.Time.GetUtcNow()), Good(inventory)];
        }
        catch (StartRefusedException wrong)
        {
            // All mistakes at once, a line each.
            return wrong.Message.Split('\n').Select(line => DoctorFinding.Broken(Id, line, $"correct {file}; docs/inventory.md lists every key"));
        }
    }

    private DoctorFinding Good(Inventory inventory) => DoctorFinding.Ok(
        Id, $"{Counted.Of(inventory.Clusters.Length, "cluster")}, {Counted.Of(inventory.Clusters.Sum(c => c.Nodes.Length), "node")}");

    private ImmutableArray<DoctorFinding> Stale(Inventory inventory, DateTimeOffset now) =>
    [
        .. inventory.Clusters.SelectMany(c => c.Exemptions.Where(e => e.Until < now).Select(e => DoctorFinding.Warning(
            Id, $"{c.Name}: the exemption of {e.Keyspace} ended on {e.Until:yyyy-MM-dd}", "take it out of the inventory, or give it a new end"))),
        .. inventory.Clusters.Where(c => c is { Environment: ClusterEnvironment.Production, Mode: ClusterMode.Run, Enables.Count: > 0 } && c.Enables.Contains("run-command")).Select(c => DoctorFinding.Warning(
            Id, $"{c.Name}: run-command is enabled on a production cluster", "take it out of enables when the work it was for is done")),
    ];
}

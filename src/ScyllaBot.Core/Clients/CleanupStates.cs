using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clients;

/// <summary>Which nodes still hold data that is not theirs any more: <c>cleanup_status</c> of <c>system.topology</c> (facts 1.13, 2.1).</summary>
internal static class CleanupStates
{
    private const string Query = "SELECT JSON host_id, cleanup_status FROM system.topology";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Host id → clean, needed or running; null when CQL can not be used there, or this version keeps no such state.</returns>
    public static async Task<ImmutableSortedDictionary<Guid, string>?> ReadAsync(ICommandChannel commands, Node node, CancellationToken ct)
    {
        var result = await NodeCommands.ReadAsync(commands, node, ["cqlsh", "-e", Query], Patience, ct);
        if (result.Exit != 0)
        {
            return null;
        }

        try
        {
            var rows = result.Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<Row>(line)!).ToArray();
            return rows.Length == 0 || rows.Any(row => row.cleanup_status is null) ? null : rows.ToImmutableSortedDictionary(row => row.host_id, row => row.cleanup_status!);
        }
        catch (JsonException)
        {
            return null;
        }
    }

#pragma warning disable IDE1006 // CQL's own spelling.
    private sealed record Row(Guid host_id, string? cleanup_status);
#pragma warning restore IDE1006
}

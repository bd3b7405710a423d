using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A table's part of a snapshot; bytes.</summary>
public sealed record SnapshotTable(string Keyspace, string Table, long Total, long Live);

/// <summary>Snapshots (facts 1.17): hard links that cost nothing at first and pin the disk later.</summary>
public sealed partial class ScyllaApi
{
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromMinutes(15);

    /// <summary>Tag → tables.</summary>
    public async Task<ImmutableSortedDictionary<string, ImmutableArray<SnapshotTable>>> SnapshotsAsync(CancellationToken ct) =>
        MapOf(await ReadAsync<ImmutableArray<Pair<ImmutableArray<SnapshotJson>>>>("storage_service/snapshots", ct), "storage_service/snapshots")
            .ToImmutableSortedDictionary(
                p => p.Key, p => ListOf(p.Value, "storage_service/snapshots", t => new SnapshotTable(Text(t.ks), Text(t.cf), t.total, t.live)), StringComparer.Ordinal);

    /// <summary>Bytes that all snapshots together keep from being freed.</summary>
    public Task<long> SnapshotsSizeAsync(CancellationToken ct) => ReadAsync<long>("storage_service/snapshots/size/true", ct);

    /// <summary>Links every sstable of the keyspaces under a tag.</summary>
    /// <param name="tag">Letters, digits, dashes and underscores.</param>
    /// <param name="keyspaces">Empty: all.</param>
    /// <param name="skipFlush">What is in memtables stays out.</param>
    /// <param name="ct">Cancels the wait.</param>
    /// <exception cref="UnrecoverableException">One of the keyspaces has the tag already, among others.</exception>
    public Task TakeSnapshotAsync(string tag, ImmutableArray<string> keyspaces, bool skipFlush, CancellationToken ct) => SendAsync(
        "POST",
        $"storage_service/snapshots?tag={Checked(tag)}{(keyspaces.IsEmpty ? "" : $"&kn={Csv(keyspaces)}")}{(skipFlush ? "&sf=true" : "")}",
        SnapshotPatience, changes: true, ct);

    /// <summary>Deletes the snapshots of one tag. Asking twice changes nothing.</summary>
    /// <exception cref="ArgumentException">The tag is empty or odd: Scylla would take a call without a tag as "all snapshots" (facts 7.33).</exception>
    public Task ClearSnapshotAsync(string tag, CancellationToken ct) =>
        SendAsync("DELETE", $"storage_service/snapshots?tag={Checked(tag)}", SnapshotPatience, changes: false, ct);

    private static string Checked(string tag) => SnapshotTag().IsMatch(tag)
        ? Uri.EscapeDataString(tag)
        : throw new ArgumentException($"\"{tag}\" is no snapshot tag", nameof(tag));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{0,199}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SnapshotTag();

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record SnapshotJson(string ks, string cf, long total, long live);
#pragma warning restore IDE1006, SA1300
}

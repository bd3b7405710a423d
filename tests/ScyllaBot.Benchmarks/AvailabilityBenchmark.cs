using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Benchmarks;

/// <summary>
/// What a verdict costs on a large cluster: 300 nodes in three racks, 256 vnodes each, ten keyspaces of RF 3. All of one replication, as most
/// clusters have them, so that they share their replica sets; and each on a ring of its own, so that nothing can be shared. Beside it, what the
/// same verdict costs by going through all ranges, which is what was done before.
/// </summary>
internal static class AvailabilityBenchmark
{
    private const int Racks = 3;
    private const int PerRack = 100;
    private const int Vnodes = 256;
    private const int Keyspaces = 10;
    private const int Rounds = 15;
    private const double MostZone = 50;
    private const double MostNext = 5;

    public static int Run()
    {
        var shared = Measure("one ring", Enumerable.Repeat(RangesOf(1), Keyspaces));
        var apart = Measure("ten rings", Enumerable.Range(1, Keyspaces).Select(RangesOf));
        Console.WriteLine($"targets: a zone under {MostZone:f0} ms, the next node under {MostNext:f0} ms: {(shared && apart ? "met" : "missed")}");
        return shared && apart ? 0 : 1;
    }

    private static bool Measure(string name, IEnumerable<ImmutableArray<RingRange>> rings)
    {
        var cluster = new Cluster("bench", ClusterEnvironment.Staging, ClusterMode.Run, [.. Enumerable.Range(0, Racks * PerRack).Select(NodeOf)]);
        var facts = new AvailabilityFacts(
            [.. rings.Select((r, i) => new ReplicatedRing($"ks{i}", null, r, Replication.Network(("dc", 3))))], DateTimeOffset.UnixEpoch)
        {
            Voters = [.. new[] { 0, 1, 100, 101, 200 }.Select(i => cluster.Nodes[i].HostId)], Balancing = TabletBalancing.OffAndQuiet,
        };
        var began = Stopwatch.GetTimestamp();
        var availability = new Availability(cluster, facts);
        var loading = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var zone = cluster.Nodes.Where(n => n.Zone.Rack == "r1").Select(n => n.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        var (zones, largest, nexts, adds, walks) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            zones.Add(Timed(() => availability.Judge(zone) is null));
            largest.Add(Timed(() => availability.LargestSafe(zone, []).Nodes.Length == PerRack));
            walks.Add(Timed(() => Walk(facts, zone)));
            var trial = availability.Try([]);
            foreach (var node in zone.Take(10))
            {
                adds.Add(Timed(() => Added(trial, node)));
                nexts.Add(Timed(() => trial.NextBest(zone) is not null));
            }
        }

        var (z, n, w) = (Median(zones), Median(nexts), Median(walks));
        Console.WriteLine($"{name}: {availability.RangeCount} ranges, {availability.DemandCount} distinct demands, loaded in {loading:f0} ms");
        Console.WriteLine($"  verdict for a zone of {PerRack}: {z:f2} ms (best {zones.Min():f2}), {w / z:f0} x faster than going through all ranges ({w:f0} ms)");
        Console.WriteLine($"  largest safe set of the zone: {Median(largest):f2} ms");
        Console.WriteLine($"  one node more is down: {Median(adds):f3} ms; next node: {n:f3} ms (best {nexts.Min():f3}) of {PerRack} candidates");
        return z < MostZone && n < MostNext;
    }

    private static bool Added(AvailabilityTrial trial, string node)
    {
        trial.Add(node);
        return trial.Refusal is null;
    }

    private static bool Walk(AvailabilityFacts facts, ImmutableSortedSet<string> down)
    {
        var addresses = down.Select(n => $"10.{n[1..]}").ToHashSet(StringComparer.Ordinal);
        return facts.Rings.All(ring => ring.Ranges.All(range => range.Replicas.Count(r => !addresses.Contains(r.Address)) >= 2));
    }

    private static double Timed(Func<bool> work)
    {
        var began = Stopwatch.GetTimestamp();
        return work() ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new InvalidOperationException("a zone of a ring with RF 3 over three racks may go");
    }

    /// <summary>Every vnode with one replica in each rack: the next node of it on a shuffled ring.</summary>
    private static ImmutableArray<RingRange> RangesOf(int seed)
    {
        var random = new Random(seed);
        var owners = Enumerable.Range(0, Racks * PerRack * Vnodes).Select(i => i % (Racks * PerRack)).ToArray();
        random.Shuffle(owners);
        var replicas = Enumerable.Range(0, Racks * PerRack).Select(i => new RingReplica($"10.{i}", "dc", $"r{i / PerRack}")).ToArray();
        var next = new int[Racks];
        var ranges = new RingRange[owners.Length];
        for (var turn = 0; turn < 2; turn++)
        {
            for (var i = owners.Length - 1; i >= 0; i--)
            {
                next[owners[i] / PerRack] = owners[i];
                ranges[i] = new RingRange(
                    i.ToString(CultureInfo.InvariantCulture), (i + 1).ToString(CultureInfo.InvariantCulture), [.. next.Select(n => replicas[n])]);
            }
        }

        return [.. ranges];
    }

    private static Node NodeOf(int i) => new($"n{i}", $"10.{i}", new Guid(i + 1, 0, 0, new byte[8]), new Zone("dc", $"r{i / PerRack}"))
    {
        Api = new Uri("http://127.0.0.1:1"), Metrics = new Uri("http://127.0.0.1:1"),
    };

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}

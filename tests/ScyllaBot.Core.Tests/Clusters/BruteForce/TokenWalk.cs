using System.Numerics;

namespace ScyllaBot.Core.Tests.Clusters.BruteForce;

/// <summary>
/// The judge: goes from token to token, finds who has it by facts/scylla.md 3.2, and counts who lives by 3.1. It knows nothing of the product's
/// own types, ranges or shortcuts.
/// </summary>
internal sealed class TokenWalk(SmallRing ring)
{
    private readonly Dictionary<string, (int Natural, int Pending)[]> _owners =
        ring.Spaces.ToDictionary(s => s.Name, s => Enumerable.Range(0, SmallRing.Tokens).Select(t => OwnersOf(ring, s, t)).ToArray(), StringComparer.Ordinal);

    private readonly bool?[] _safe = new bool?[1 << ring.Machines.Length];

    public (int Natural, int Pending) OwnersOf(string space, int token) => _owners[space][token];

    /// <summary>With these down: does every token of every space that counts reach every level, and has raft its majority?</summary>
    public bool IsSafe(int down) => _safe[down] ??= WalkAll(down);

    public bool HasMajority(int down) => BitOperations.PopCount((uint)(ring.Voters & ring.Known & ~down)) * 2 > BitOperations.PopCount((uint)ring.Voters);

    public (int Live, int Needed) Count(Space space, (int Natural, int Pending) owners, string level, int? dc, int down)
    {
        var place = dc is { } d ? ring.In(d) : ~0;
        var live = BitOperations.PopCount((uint)((owners.Natural | owners.Pending) & place & ring.Known & ~down));
        var need = level switch
        {
            "ONE" or "LOCAL_ONE" => 1,
            "TWO" => 2,
            "THREE" => 3,
            "ALL" => Total(space),
            "QUORUM" or "SERIAL" => QuorumOf(Total(space)),
            _ => QuorumOf(space.Placement is Placement.PerDatacenter or Placement.Tablets ? space.Factors[dc!.Value] : Total(space)),
        };
        return (live, need + BitOperations.PopCount((uint)(owners.Pending & place)));
    }

    private bool WalkAll(int down) => !ring.IsMoving && HasMajority(down)
        && ring.Spaces.Where(s => !s.IsExempt).All(s => _owners[s.Name].All(o => s.Levels.All(l => Reaches(s, o, l, down))));

    private static int QuorumOf(int n) => (n / 2) + 1;

    private static (int Natural, int Pending) OwnersOf(SmallRing ring, Space space, int token) => space.Placement switch
    {
        Placement.Tablets => space.Slices.First(s => token <= s.Last) is var slice ? (slice.Natural, slice.Pending) : default,
        Placement.Everyone => (ring.Machines.Sum(m => 1 << m.Number), 0),
        Placement.NextOnes => (Clockwise(ring, token).Distinct().Take(space.Factors[0]).Sum(m => 1 << m.Number), 0),
        _ => (Enumerable.Range(0, ring.Datacenters).Sum(dc => Spread(ring, token, dc, space.Factors[dc])), 0),
    };

    /// <summary>A token belongs to the first machine's token at or after it, round the ring.</summary>
    private static IEnumerable<Machine> Clockwise(SmallRing ring, int token)
    {
        for (var step = 0; step < SmallRing.Tokens; step++)
        {
            if (ring.Machines.FirstOrDefault(m => m.Tokens.Contains((token + step) % SmallRing.Tokens)) is { } owner)
            {
                yield return owner;
            }
        }
    }

    /// <summary>Distinct racks first; once every rack of the datacenter has one, those passed over, in the order they were met.</summary>
    private static int Spread(SmallRing ring, int token, int dc, int factor)
    {
        var met = Clockwise(ring, token).Where(m => m.Dc == dc).Distinct().ToArray();
        var racks = met.Select(m => m.Rack).Distinct().Count();
        var wanted = Math.Min(factor, met.Length);
        var repeats = Math.Max(0, wanted - racks);
        var (chosen, seen) = (0, new HashSet<int>());
        foreach (var machine in met)
        {
            if (BitOperations.PopCount((uint)chosen) == wanted)
            {
                break;
            }

            if (seen.Add(machine.Rack) || repeats-- > 0)
            {
                chosen |= 1 << machine.Number;
            }
        }

        return chosen;
    }

    private bool Reaches(Space space, (int Natural, int Pending) owners, string level, int down) => owners.Natural != 0 && (level switch
    {
        "LOCAL_ONE" or "LOCAL_QUORUM" or "LOCAL_SERIAL" => Enumerable.Range(0, ring.Datacenters).Where(dc => (ring.Serving & (1 << dc)) != 0),
        "EACH_QUORUM" => Enumerable.Range(0, ring.Datacenters),
        _ => (IEnumerable<int>)[-1],
    }).All(dc => Count(space, owners, level, dc < 0 ? null : dc, down) is var (live, needed) && live >= needed);

    private int Total(Space space) => space.Placement switch
    {
        Placement.NextOnes => space.Factors[0],
        Placement.Everyone => ring.Machines.Length,
        _ => space.Factors.Sum(),
    };
}

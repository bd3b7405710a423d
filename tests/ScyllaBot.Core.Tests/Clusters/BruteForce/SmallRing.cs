namespace ScyllaBot.Core.Tests.Clusters.BruteForce;

/// <summary>A machine of a generated ring, by its number.</summary>
/// <param name="IsGhost">It is in the ring, but not in the inventory.</param>
internal sealed record Machine(int Number, int Dc, int Rack, int[] Tokens, bool IsGhost)
{
    public string Name => $"n{Number}";
}

internal enum Placement
{
    PerDatacenter,
    NextOnes,
    Everyone,
    Tablets,
}

/// <summary>A tablet: machines that have it, machines that are to have it.</summary>
internal sealed record Slice(int Last, int Natural, int Pending);

/// <param name="Factors">Per datacenter; for <see cref="Placement.NextOnes"/> the first one is the total.</param>
/// <param name="Slices">Of tablets; in token order, the last one up to the end.</param>
internal sealed record Space(string Name, Placement Placement, int[] Factors, Slice[] Slices, string[] Levels, bool IsExempt);

/// <summary>A small random ring with everything a question about it needs. Sets of machines are bits.</summary>
internal sealed class SmallRing
{
    /// <summary>The whole token space: small, so that every token can be walked.</summary>
    public const int Tokens = 48;

    public static readonly string[] AllLevels =
        ["ONE", "TWO", "THREE", "QUORUM", "ALL", "LOCAL_ONE", "LOCAL_QUORUM", "EACH_QUORUM", "SERIAL", "LOCAL_SERIAL"];

    private readonly Random _random;

    public SmallRing(int seed)
    {
        _random = new Random(seed);
        Datacenters = Chance(35) ? 2 : 1;
        var racks = Enumerable.Range(0, Datacenters).Select(_ => _random.Next(1, 4)).ToArray();
        var count = Math.Max(_random.Next(Datacenters, 8), _random.Next(Datacenters, 8));
        var tokens = Enumerable.Range(0, Tokens).OrderBy(_ => _random.Next()).ToArray();
        var each = _random.Next(1, 5);
        var ghost = Chance(5) && count > Datacenters ? count - 1 : -1;
        Machines = [.. Enumerable.Range(0, count).Select(i => (i, Dc: i < Datacenters ? i : _random.Next(Datacenters))).Select(x =>
            new Machine(x.i, x.Dc, _random.Next(racks[x.Dc]), [.. tokens.Skip(x.i * each).Take(each).Order()], x.i == ghost))];
        Levels = SomeLevels();
        Serving = Datacenters == 2 && Chance(25) ? 1 << _random.Next(2) : (1 << Datacenters) - 1;
        Voters = Subset(Chance(70) ? count - 1 + (count % 2) : _random.Next(1, count + 1));
        Down = Subset(Chance(60) ? 0 : _random.Next(0, Math.Min(3, count))) & Known;
        Candidates = Subset(_random.Next(1, count + 1)) & Known & ~Down;
        IsMoving = Chance(2);
        Spaces = [.. Enumerable.Range(0, Chance(60) ? 1 : _random.Next(2, 4)).Select(SpaceOf)];
    }

    public int Datacenters { get; }

    public Machine[] Machines { get; }

    public Space[] Spaces { get; }

    public string[] Levels { get; }

    /// <summary>Datacenters with clients.</summary>
    public int Serving { get; }

    public int Voters { get; }

    public int Down { get; }

    public int Candidates { get; }

    /// <summary>Somebody joins or leaves.</summary>
    public bool IsMoving { get; }

    /// <summary>Those in the inventory.</summary>
    public int Known => Machines.Where(m => !m.IsGhost).Sum(m => 1 << m.Number);

    public int In(int dc) => Machines.Where(m => m.Dc == dc).Sum(m => 1 << m.Number);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private int Subset(int size) => Machines.OrderBy(_ => _random.Next()).Take(size).Sum(m => 1 << m.Number);

    private string[] SomeLevels() => Chance(50) ? ["LOCAL_QUORUM", "LOCAL_SERIAL"] : [.. AllLevels.OrderBy(_ => _random.Next()).Take(_random.Next(1, 4))];

    private Space SpaceOf(int number)
    {
        var placement = _random.Next(100) switch { < 50 => Placement.PerDatacenter, < 62 => Placement.NextOnes, < 68 => Placement.Everyone, _ => Placement.Tablets };
        var factors = placement == Placement.NextOnes ? [_random.Next(1, 6)] : Enumerable.Range(0, Datacenters).Select(_ => Chance(75) ? 3 : _random.Next(0, 6)).ToArray();
        return new Space(
            $"ks{number}", placement, factors, placement == Placement.Tablets ? [.. SlicesOf(factors)] : [],
            Chance(20) ? SomeLevels() : Levels, IsExempt: Chance(12));
    }

    private IEnumerable<Slice> SlicesOf(int[] factors)
    {
        var count = _random.Next(1, 7);
        for (var i = 0; i < count; i++)
        {
            var natural = factors.Select((rf, dc) => Machines.Where(m => m.Dc == dc).OrderBy(_ => _random.Next()).Take(rf).Sum(m => 1 << m.Number)).Sum();
            var others = Machines.Where(m => (natural & (1 << m.Number)) == 0).OrderBy(_ => _random.Next());
            yield return new Slice(
                i == count - 1 ? Tokens - 1 : ((i + 1) * Tokens / count) - 1, natural, Chance(25) ? others.Take(_random.Next(1, 3)).Sum(m => 1 << m.Number) : 0);
        }
    }
}

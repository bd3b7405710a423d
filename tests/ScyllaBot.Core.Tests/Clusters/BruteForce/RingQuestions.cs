using System.Collections.Immutable;
using System.Numerics;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tests.Clusters.BruteForce;

/// <summary>One small ring told to the product as its nodes would tell it, and every question about it answered by both.</summary>
internal sealed class RingQuestions
{
    private static readonly DateTimeOffset Now = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);
    private readonly SmallRing _ring;
    private readonly TokenWalk _walk;
    private readonly Availability _availability;

    public RingQuestions(int seed)
    {
        (Seed, _ring) = (seed, new SmallRing(seed));
        _walk = new TokenWalk(_ring);
        _availability = new Availability(ClusterOf(), Told());
    }

    public int Seed { get; }

    public int Asked { get; private set; }

    public int Safe { get; private set; }

    /// <summary>What was met: the levels that refused, placements, raft.</summary>
    public SortedSet<string> Met { get; } = new(StringComparer.Ordinal);

    public void Ask()
    {
        var known = _ring.Machines.Where(m => !m.IsGhost).Select(m => m.Number).ToArray();
        var trial = _availability.Try(Names(_ring.Down));
        var largest = 0;
        for (var subset = 0; subset < 1 << _ring.Machines.Length; subset++)
        {
            if ((subset & ~_ring.Known) != 0 || (subset & _ring.Down) != 0)
            {
                continue;
            }

            var down = _ring.Down | subset;
            var refusal = _availability.Judge(Names(down));
            Same(_walk.IsSafe(down), refusal is null, () => $"with {Show(down)} down: {refusal}");
            Check(refusal, down);
            (Asked, Safe) = (Asked + 1, Safe + (refusal is null ? 1 : 0));
            if ((subset & ~_ring.Candidates) == 0 && refusal is null)
            {
                largest = Math.Max(largest, BitOperations.PopCount((uint)subset));
            }

            // The same set reached one by one, and left again, must say the same.
            foreach (var number in known.Where(n => (subset & (1 << n)) != 0))
            {
                trial.Add($"n{number}");
            }

            Same(refusal?.Sentence, trial.Refusal?.Sentence, () => $"trial with {Show(down)} down");
            foreach (var number in refusal is null || subset == 0 ? known : [])
            {
                Same(_walk.IsSafe(down | (1 << number)), trial.WhyNotAnother($"n{number}") is null, () => $"n{number} beside {Show(down)}: {trial.WhyNotAnother($"n{number}")}");
            }

            foreach (var number in known.Where(n => (subset & (1 << n)) != 0).Reverse())
            {
                trial.Remove($"n{number}");
            }
        }

        var found = _availability.LargestSafe(Names(_ring.Candidates), Names(_ring.Down));
        Same(true, found.IsLargest, () => "the search was whole");
        Same(largest, found.Nodes.Length, () => $"largest of {Show(_ring.Candidates)} beside {Show(_ring.Down)}: {string.Join(' ', found.Nodes)}");
        Same(true, found.Nodes.IsEmpty || _availability.WhyNot(Names(_ring.Down).Union(found.Nodes)) is null, () => "the largest set is safe");
        Same(true, found.Nodes.All(Names(_ring.Candidates).Contains), () => "the largest set is one of candidates");
        CheckNext();
    }

    private void CheckNext()
    {
        var may = _ring.Machines.Where(m => (_ring.Candidates & (1 << m.Number)) != 0 && _walk.IsSafe(_ring.Down | (1 << m.Number))).ToArray();
        var next = _availability.NextBest(Names(_ring.Candidates), Names(_ring.Down));
        Same(may.Length == 0, next is null, () => $"next of {Show(_ring.Candidates)} beside {Show(_ring.Down)}: {next?.Node}");
        Same(true, next is null || may.Any(m => m.Name == next.Node), () => $"the next best, {next?.Node}, may go");
    }

    /// <summary>What it says of the loss is true at the very tokens it names.</summary>
    private void Check(SafetyRefusal? refusal, int down)
    {
        if (refusal is RaftLoss raft)
        {
            Same(false, _walk.HasMajority(down), () => "raft");
            Same(BitOperations.PopCount((uint)(_ring.Voters & (down | ~_ring.Known))), raft.Lost.Length, () => "voters lost");
            Met.Add("raft");
        }

        if (refusal is not QuorumLoss loss)
        {
            return;
        }

        Met.Add(loss.Level.Cql());
        var space = _ring.Spaces.Single(s => s.Name == loss.Keyspace);
        Same(false, space.IsExempt, () => $"{loss.Keyspace} counts");
        Same(true, space.Levels.Contains(loss.Level.Cql()), () => $"{loss.Level} is judged");
        Met.Add($"{space.Placement}");
        var token = loss.End.Length == 0 ? SmallRing.Tokens - 1 : int.Parse(loss.End, System.Globalization.CultureInfo.InvariantCulture);
        var owners = _walk.OwnersOf(space.Name, token);
        var counted = _walk.Count(space, owners, loss.Level.Cql(), loss.Datacenter is null ? null : loss.Datacenter[^1] - '0', down);
        Same(counted, (loss.Live, loss.Needed), () => loss.Sentence);
        Same(true, loss.Live < loss.Needed, () => loss.Sentence);
        Met.Add(owners.Pending != 0 ? "pending" : "settled");
    }

    private Cluster ClusterOf() => new("small", ClusterEnvironment.Staging, ClusterMode.Run, [.. _ring.Machines.Where(m => !m.IsGhost).Select(NodeOf)])
    {
        Policy = new AvailabilityPolicy
        {
            Levels = LevelsOf(_ring.Levels),
            Overrides = _ring.Spaces.Where(s => s.Levels != _ring.Levels).ToImmutableSortedDictionary(s => s.Name, s => LevelsOf(s.Levels), StringComparer.Ordinal),
            NotServing = Enumerable.Range(0, _ring.Datacenters).Where(dc => (_ring.Serving & (1 << dc)) == 0).Select(dc => $"dc{dc}").ToImmutableSortedSet(StringComparer.Ordinal),
        },
        Exemptions =
        [
            .. _ring.Spaces.Where(s => s.IsExempt).Select((s, i) => new Exemption(s.Name, "may be lost", "ana", i % 2 == 0 ? null : Now.AddDays(1))),
            .. _ring.Spaces.Where(s => !s.IsExempt).Take(Seed % 2).Select(s => new Exemption(s.Name, "was once lost", "ana", Now.AddTicks(-(Seed % 3)))),
        ],
    };

    private AvailabilityFacts Told() => new([.. _ring.Spaces.Select(Ring)], Now)
    {
        Voters = [.. _ring.Machines.Where(m => (_ring.Voters & (1 << m.Number)) != 0).Select(HostId)],
        Moving = _ring.IsMoving ? "n0 sees 10.9.9.9 joining" : null,
    };

    private ReplicatedRing Ring(Space space)
    {
        var replication = space.Placement switch
        {
            Placement.NextOnes => Replication.Simple(space.Factors[0]),
            Placement.Everyone => Replication.Everywhere,
            _ => Replication.Network(space.Factors.Select((rf, dc) => ($"dc{dc}", rf))),
        };
        return space.Placement == Placement.Tablets
            ? new ReplicatedRing(space.Name, "t", [.. space.Slices.Select((s, i) => Range(
                space, i == 0 ? "" : $"{space.Slices[i - 1].Last}", i == space.Slices.Length - 1 ? "" : $"{s.Last}", s.Last))], replication)
            : new ReplicatedRing(space.Name, null, [.. Vnodes().Select(t => Range(space, $"{t.Start}", $"{t.End}", t.End))], replication);
    }

    private IEnumerable<(int Start, int End)> Vnodes()
    {
        var tokens = _ring.Machines.SelectMany(m => m.Tokens).Order().ToArray();
        return tokens.Select((t, i) => (tokens[(i + tokens.Length - 1) % tokens.Length], t));
    }

    private RingRange Range(Space space, string start, string end, int token)
    {
        var (natural, pending) = _walk.OwnersOf(space.Name, token);
        return new RingRange(start, end, Replicas(natural)) { Pending = Replicas(pending) };
    }

    private ImmutableArray<RingReplica> Replicas(int machines) =>
        [.. _ring.Machines.Where(m => (machines & (1 << m.Number)) != 0).Select(m => new RingReplica($"10.0.0.{m.Number}", $"dc{m.Dc}", $"r{m.Rack}"))];

    private static Guid HostId(Machine machine) => new(machine.Number + 1, 0, 0, new byte[8]);

    private static Node NodeOf(Machine machine) => new(machine.Name, $"10.0.0.{machine.Number}", HostId(machine), new Zone($"dc{machine.Dc}", $"r{machine.Rack}"))
    {
        Api = new Uri("http://127.0.0.1"), Metrics = new Uri("http://127.0.0.1"),
    };

    private static ImmutableArray<ConsistencyLevel> LevelsOf(string[] levels) =>
        [.. levels.Select(l => Enum.GetValues<ConsistencyLevel>().Single(c => c.Cql() == l))];

    private ImmutableSortedSet<string> Names(int machines) =>
        _ring.Machines.Where(m => (machines & (1 << m.Number)) != 0).Select(m => m.Name).ToImmutableSortedSet(StringComparer.Ordinal);

    private string Show(int machines) => $"{{{string.Join(' ', Names(machines))}}}";

    private void Same<T>(T expected, T actual, Func<string> what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"seed {Seed}: expected {expected}, got {actual}: {what()}");
        }
    }
}

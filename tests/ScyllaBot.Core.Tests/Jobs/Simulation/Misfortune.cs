using ScyllaBot.Core.Jobs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>One seeded run with faults, lost calls, crashes and an operator who presses whatever is offered.</summary>
internal sealed class Misfortune(int seed) : IDisposable
{
    private const int Patience = 12;
    private static readonly string[] Nodes = ["b1", "b2", "c1", "c2", "d1"];

    private readonly Random _dice = new(seed);
    private readonly int _limit = 1 + (seed % 2);
    private int _presses;

    public EngineBed Bed { get; } = new(
        seed, new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 2), ("d", 1)) });

    /// <summary>What was done to it, for whoever looks at a failure.</summary>
    public List<string> Deeds { get; } = [];

    /// <summary>To the end of the job, and holds it to the invariants.</summary>
    public void Run()
    {
        var id = Bed.Run(BedPeople.Request(limit: _limit));
        Arm();
        Bed.Ports.Fate = Fate;
        while (Bed.Job(id).IsOpen)
        {
            var crashes = false;
            var came = Bed.TryUntil(() => (crashes = Dies()) || IsTurning(id), TimeSpan.FromMinutes(30));
            if (crashes)
            {
                Restart();
            }
            else if (Bed.Job(id).IsOpen)
            {
                Press(id, idle: !came);
            }
        }

        Bed.Pass(TimeSpan.FromMinutes(5));
        Invariants.Hold(Bed, id, _limit);
    }

    /// <summary>What this run has been through, for counting.</summary>
    public IEnumerable<string> Met() =>
    [
        .. Bed.Events.Select(e => e.GetType().Name), .. Bed.Events.OfType<Ended>().Select(e => $"{e.Outcome}"),
        .. Bed.Events.OfType<NodeReleased>().Select(e => $"{e.How}"), .. Bed.Events.OfType<StepFailed>().Where(e => e.RetryAt is not null).Select(_ => "retried"),
        .. Deeds.Where(d => d.EndsWith("crash", StringComparison.Ordinal)).Select(_ => "crash"),
    ];

    public void Dispose() => Bed.Dispose();

    private bool IsTurning(JobId id) =>
        Bed.Job(id) is { State: JobState.Halted, Restoring.IsEmpty: true } or { State: JobState.Paused or JobState.Ended } || (_presses < Patience && _dice.Next(3000) == 0);

    private bool Dies() => _presses < Patience && _dice.Next(2500) == 0;

    private void Arm()
    {
        FaultKind[] kinds = [FaultKind.StartFails, FaultKind.Api500, FaultKind.DrainHangs, FaultKind.GossipLag, FaultKind.SlowStart];
        for (var i = _dice.Next(4); i > 0; i--)
        {
            var (kind, node) = (kinds[_dice.Next(kinds.Length)], Nodes[_dice.Next(Nodes.Length)]);
            Deeds.Add($"{kind} on {node}");
            Bed.Arm(kind, node, 1 + _dice.Next(4), 30 + _dice.Next(300));
        }
    }

    private Loss Fate(Call call)
    {
        var odds = call.Changes ? 12 : 400;
        return _presses >= Patience || _dice.Next(odds) != 0 ? Loss.None : _dice.Next(2) == 0 ? Loss.Before : Loss.After;
    }

    private void Restart()
    {
        Deeds.Add($"{Bed.Time.Elapsed}: crash");
        Bed.Kill();
        Bed.Pass(TimeSpan.FromSeconds(_dice.Next(90)));
        Assert.Empty(Bed.StartHost());
    }

    private void Press(JobId id, bool idle)
    {
        // I9: once faults stop, it ends in bounded time.
        if (++_presses == Patience)
        {
            Bed.World.Agenda.Run(() => Bed.World.LiftFaults());
        }

        Assert.False(idle && _presses > Patience, $"nothing happens any more:\n{Bed.Describe()}");
        Assert.InRange(_presses, 0, 3 * Patience);
        Func<IJobControl, Task<Outcome>> verb = (Bed.Job(id).State, _presses >= Patience ? 0 : _dice.Next(10)) switch
        {
            (JobState.Paused, _) => c => c.ResumeAsync(BedPeople.Mara, id, default),
            (JobState.Halted, < 4) => c => c.RetryAsync(BedPeople.Mara, id, extend: false, default),
            (JobState.Halted, < 7) => c => c.RestoreAsync(BedPeople.Mara, id, null, default),
            (JobState.Halted, < 9) => c => c.SkipAsync(BedPeople.Jon, id, null, default),
            (JobState.Halted, _) => c => c.AbortAsync(BedPeople.Mara, id, _dice.Next(2) == 0, default),
            (JobState.Running, < 8) => c => c.PauseAsync(BedPeople.Reader, id, default),
            (JobState.Running, _) => c => c.AbortAsync(BedPeople.Mara, id, _dice.Next(2) == 0, default),
            _ => c => c.AcknowledgeAsync(BedPeople.Reader, id, default),
        };
        Deeds.Add($"{Bed.Time.Elapsed}: {Bed.Job(id).State} → {Bed.Press(verb)}");
    }
}

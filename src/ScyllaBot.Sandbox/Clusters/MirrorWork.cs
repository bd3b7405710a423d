namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A copy of what the source holds.</summary>
internal sealed class MirrorCopy(string id, DateTimeOffset began)
{
    public string Id => id;

    public DateTimeOffset Began => began;

    public int Rows { get; set; }

    /// <summary>`running`, `done`, `failed`.</summary>
    public string State { get; set; } = "running";

    public string? Error { get; set; }
}

/// <summary>Reads that were compared until a moment.</summary>
internal sealed record ComparedSlice(DateTimeOffset At, long Matched, long Mismatched, long Errors);

/// <summary>What a mirror does between two looks at it: writes that go to the shadow too, a copy, reads that are compared.</summary>
/// <param name="shadow">Whoever is fed.</param>
/// <param name="source">Whose writes they are; null while the world is being made.</param>
internal sealed class MirrorWork(SimCluster shadow, Func<SimCluster?> source)
{
    private const double CopiedPerSecond = 20;
    private const int MostDraws = 200;
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _kept = TimeSpan.FromDays(8);

    private readonly MirroredRows _rows = new(shadow.Dice, shadow.Name, shadow.Agenda.Now);
    private DateTimeOffset _lookedAt = shadow.Agenda.Now;
    private DateTimeOffset? _refusedSince;
    private DateTimeOffset _losesUntil;
    private bool _serves;

    public int Percent { get; set; }

    public double SamplePercent { get; set; }

    public long Written { get; set; }

    public long Failed { get; set; }

    public List<MirrorCopy> Copies { get; } = [];

    public List<ComparedSlice> Slices { get; } = [];

    public int RowsHeld => _rows.Held;

    public double LagSeconds => _refusedSince is { } since ? (shadow.Agenda.Now - since).TotalSeconds : 0.2;

    /// <summary>Requests per second of the source's clients while all its nodes serve.</summary>
    private double Asked => source() is { } from ? from.Traffic.Load * from.Nodes.Length : 0;

    /// <summary>Carries out what was due since the last look, under the state of then.</summary>
    public void Look()
    {
        var now = shadow.Agenda.Now;
        while (_lookedAt < now)
        {
            var next = now - _lookedAt > _slice ? _lookedAt + _slice : now;
            Step(_lookedAt, next);
            _lookedAt = next;
        }

        _serves = shadow.Nodes.Length > 0 && shadow.Nodes.Any(node => node.Serves) && shadow.Traffic.LostShare == 0;
        if (shadow.Machines.All(node => !node.Machine.Exists))
        {
            _rows.Clear();
        }
    }

    /// <summary>What the shadow's nodes get to do by this.</summary>
    public double LoadPerNode(double stray)
    {
        var asked = (Asked / 3 * Percent / 100) + (Asked * 2 / 3 * SamplePercent / 100);
        return stray + (shadow.Nodes.Length == 0 ? 0 : asked / shadow.Nodes.Length);
    }

    private void Step(DateTimeOffset from, DateTimeOffset to)
    {
        if (Percent > 0)
        {
            if (shadow.Faults.Bite(shadow.Machines[0].Id, FaultKind.WritesLost) is { } lost)
            {
                _losesUntil = from + lost.Length;
            }

            var writes = _rows.Mirror(from, to, Percent, _serves, from < _losesUntil ? 0.5 : 0);
            (Written, Failed) = _serves ? (Written + writes, Failed) : (Written, Failed + writes);
            _refusedSince = _serves ? null : _refusedSince ?? from;
        }

        Copies.Where(copy => copy.State is "running").ToList().ForEach(copy => Copy(copy, to));
        if (SamplePercent > 0)
        {
            Compare(from, to);
        }
    }

    private void Copy(MirrorCopy copy, DateTimeOffset to)
    {
        var until = (int)Math.Min(MirroredRows.Count, (to - copy.Began).TotalSeconds * CopiedPerSecond);
        for (; copy.Rows < until; copy.Rows++)
        {
            if (!_serves || (copy.Rows >= MirroredRows.Count / 2 && shadow.Faults.Bite(shadow.Machines[0].Id, FaultKind.CopyDies) is not null))
            {
                (copy.State, copy.Error) = ("failed", _serves ? "the worker died" : "the shadow takes no writes");
                return;
            }

            _rows.Copy(copy.Rows, copy.Began + TimeSpan.FromSeconds(copy.Rows / CopiedPerSecond));
        }

        copy.State = copy.Rows == MirroredRows.Count ? "done" : copy.State;
    }

    private void Compare(DateTimeOffset from, DateTimeOffset to)
    {
        var reads = (long)(Asked * 2 / 3 * SamplePercent / 100 * (to - from).TotalSeconds);
        var draws = (int)Math.Min(reads, MostDraws);
        var matched = Enumerable.Range(0, _serves ? draws : 0).Count(_ => _rows.Matches(to));
        var weighed = draws == 0 ? 0 : reads * matched / draws;
        Slices.Add(_serves ? new ComparedSlice(to, weighed, reads - weighed, 0) : new ComparedSlice(to, 0, 0, reads));
        Slices.RemoveAll(slice => to - slice.At > _kept);
    }
}

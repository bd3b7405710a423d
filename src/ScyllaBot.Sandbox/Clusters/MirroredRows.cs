namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// The rows of a source and of its shadow, as versions: the source's rows are written again and again, each in a rhythm of its own, so the
/// version that a row has there follows from the time alone. What the shadow has is what reached it.
/// </summary>
internal sealed class MirroredRows
{
    public const int Count = 4000;

    private readonly DateTimeOffset _origin;
    private readonly double[] _every = new double[Count];
    private readonly double[] _phase = new double[Count];
    private readonly int[] _shadow = new int[Count];
    private readonly long _seed;
    private long _draws;

    public MirroredRows(Dice dice, string name, DateTimeOffset origin)
    {
        (_origin, _seed) = (origin, dice.Token($"{name}/rows"));
        for (var row = 0; row < Count; row++)
        {
            // Written every 5 min to 3 h.
            _every[row] = 300 + (Share(row, 1) * 10_500);
            _phase[row] = Share(row, 2) * _every[row];
        }
    }

    /// <summary>Forgets what the shadow has: its disks are gone.</summary>
    public void Clear() => Array.Clear(_shadow);

    /// <summary>Rows that the shadow holds in whatever version.</summary>
    public int Held => _shadow.Count(version => version > 0);

    /// <summary>Writes of the source between two moments, to the share of partitions that is mirrored.</summary>
    /// <param name="lostShare">Of these none arrives, and nobody is told.</param>
    /// <returns>How many writes there were.</returns>
    public long Mirror(DateTimeOffset from, DateTimeOffset to, int percent, bool taken, double lostShare)
    {
        var writes = 0L;
        for (var row = 0; row < Count; row++)
        {
            var (before, after) = (VersionOf(row, from), VersionOf(row, to));
            if (row % 100 >= percent || after == before)
            {
                continue;
            }

            writes += after - before;
            for (var version = after; taken && version > before; version--)
            {
                if (Share(row, 100 + version) >= lostShare)
                {
                    _shadow[row] = Math.Max(_shadow[row], version);
                    break;
                }
            }
        }

        return writes;
    }

    /// <summary>A row is read from the source at a moment and written to the shadow with that moment's timestamp: whatever is newer there stays.</summary>
    public void Copy(int row, DateTimeOffset readAt) => _shadow[row] = Math.Max(_shadow[row], VersionOf(row, readAt));

    /// <summary>Reads some row from both.</summary>
    public bool Matches(DateTimeOffset at)
    {
        var row = (int)(Share((int)(++_draws % int.MaxValue), 3) * Count);
        return _shadow[row] == VersionOf(row, at);
    }

    private int VersionOf(int row, DateTimeOffset at) => 1 + (int)(((at - _origin).TotalSeconds + _phase[row]) / _every[row]);

    /// <summary>In [0, 1), the same for the same numbers (SplitMix64).</summary>
    private double Share(int a, int b)
    {
        var x = (ulong)_seed + ((ulong)(uint)a * 0x9E3779B97F4A7C15UL) + ((ulong)(uint)b * 0xD1B54A32D192ED03UL);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
        return ((x ^ (x >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

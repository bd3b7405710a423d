using System.Text;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Randomness without state: the same seed and key give the same number on every machine, whatever was drawn before. So two nodes that
/// act in another order than last time still take the same delays.
/// </summary>
/// <param name="pace">Durations are this many times shorter than they say, where the clock is the real one and can not run faster itself.</param>
internal sealed class Dice(long seed, double pace = 1)
{
    public long Seed => seed;

    /// <summary>In [0, 1).</summary>
    public double Unit(string key) => (Bits(key) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Both bounds in seconds.</summary>
    public TimeSpan Between(string key, double least, double most) => TimeSpan.FromSeconds((least + (Unit(key) * (most - least))) / pace);

    /// <summary>Both bounds included.</summary>
    public int Whole(string key, int least, int most) => least + (int)(Unit(key) * (most - least + 1));

    public long Token(string key) => (long)Bits(key);

    /// <summary>Shaped as a random (version 4) UUID.</summary>
    public Guid Uuid(string key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Bits(key));
        BitConverter.TryWriteBytes(bytes[8..], Bits(key + "/low"));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>FNV-1a over the key, mixed by SplitMix64.</summary>
    private ulong Bits(string key)
    {
        var hash = 0xcbf29ce484222325UL ^ ((ulong)seed * 0x9E3779B97F4A7C15UL);
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ b) * 0x100000001b3UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return hash ^ (hash >> 31);
    }
}

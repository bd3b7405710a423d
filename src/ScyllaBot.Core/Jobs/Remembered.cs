using System.Diagnostics.CodeAnalysis;

namespace ScyllaBot.Core.Jobs;

/// <summary>What is remembered by an id for a while, and no more of it than fits: the oldest goes first. One thread at a time.</summary>
/// <param name="time">Ages.</param>
/// <param name="life">Older is forgotten.</param>
/// <param name="most">Of them at the same time.</param>
public sealed class Remembered<T>(TimeProvider time, TimeSpan life, int most)
{
    private readonly Dictionary<string, (T Value, long At)> _all = new(StringComparer.Ordinal);

    /// <summary>From now on, in place of what had this id.</summary>
    public void Keep(string id, T value)
    {
        foreach (var old in _all.Where(a => !IsYoung(a.Value.At)).Select(a => a.Key).ToArray())
        {
            _all.Remove(old);
        }

        while (_all.Count >= most)
        {
            _all.Remove(_all.MinBy(a => a.Value.At).Key);
        }

        _all[id] = (value, time.GetTimestamp());
    }

    /// <summary>It stays.</summary>
    public bool TryFind(string id, [MaybeNullWhen(false)] out T value)
    {
        var isThere = _all.TryGetValue(id, out var found) && IsYoung(found.At);
        value = found.Value;
        return isThere;
    }

    public void Remove(string id) => _all.Remove(id);

    private bool IsYoung(long at) => time.GetElapsedTime(at) <= life;
}

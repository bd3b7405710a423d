using System.Collections.Concurrent;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>Notes that outlive a bot, as the store's do.</summary>
internal sealed class MemoryNotes
{
    private readonly ConcurrentDictionary<string, string> _notes = new(StringComparer.Ordinal);
    private int _writes;

    public int Writes => _writes;

    public string? this[string key]
    {
        get => _notes.GetValueOrDefault(key);
        set => _notes[key] = value!;
    }

    public DiscordNotes Notes => new((key, _) => Task.FromResult(this[key]), Write);

    private Task Write(string key, string? value, CancellationToken ct)
    {
        Interlocked.Increment(ref _writes);
        if (value is null)
        {
            _notes.TryRemove(key, out _);
        }
        else
        {
            _notes[key] = value;
        }

        return Task.CompletedTask;
    }
}

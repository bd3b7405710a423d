namespace ScyllaBot.Core.Jobs;

/// <summary>The whole fleet is halted (R20).</summary>
public sealed record FleetHalt(Person By, string Why, DateTimeOffset At, bool ByFile)
{
    /// <summary>For cards and answers.</summary>
    public string Sentence => $"Everything is halted by {By.Name}{(Why.Length > 0 ? $": {Why}" : "")}. No node starts and no job until an approver lifts it.";
}

/// <summary>
/// What stands above all jobs, folded from the bot's own stream: halted or not, over restarts (R20). Read by every job right before it would go
/// on; so whoever sets it needs no lock of theirs. Thread-safe.
/// </summary>
public sealed partial class Fleet
{
    private FleetHalt? _halt;
    private volatile bool _fileIsThere;
    private bool _isLoaded;

    /// <summary>Null = not halted.</summary>
    public FleetHalt? Halt => Volatile.Read(ref _halt);

    public bool IsHalted => Halt is not null;

    /// <summary>The file <c>HALT</c> lies beside the database: nobody can lift while it does.</summary>
    public bool FileIsThere
    {
        get => _fileIsThere;
        set => _fileIsThere = value;
    }

    /// <summary>Once, at start, before any job is taken up.</summary>
    public async Task LoadAsync(IJobStore store, CancellationToken ct)
    {
        if (_isLoaded)
        {
            return;
        }

        foreach (var entry in await store.ReadAsync(StreamId.Bot, 0, ct))
        {
            Apply(entry.Event);
        }

        _isLoaded = true;
    }

    /// <summary>Durable first, then in force.</summary>
    public async Task AppendAsync(IJobStore store, JournalEvent e, CancellationToken ct)
    {
        await store.AppendAsync(StreamId.Bot, -1, 0, [e], [], ct);
        Apply(e);
    }

    /// <returns>False: the store did not take it, and nothing has changed.</returns>
    public async Task<bool> TryAppendAsync(IJobStore store, JournalEvent e, CancellationToken ct)
    {
        if (await store.AppendAsync(StreamId.Bot, -1, 0, [e], [], ct) is not AppendOutcome.Appended)
        {
            return false;
        }

        Apply(e);
        return true;
    }

    private void Apply(JournalEvent e)
    {
        switch (e)
        {
            case FleetHalted x:
                Volatile.Write(ref _halt, new FleetHalt(x.By, x.Why, x.At, x.ByFile));
                break;
            case FleetLifted:
                Volatile.Write(ref _halt, null);
                break;
            default:
                ApplyFootprints(e);
                break;
        }
    }
}

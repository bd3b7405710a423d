using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>One caller's change, carried through the committer.</summary>
internal abstract class Work
{
    /// <summary>Makes the change inside the open transaction. Throws when the transaction can not go on.</summary>
    public abstract void Run(JournalTables tables);

    /// <summary>The transaction is durable.</summary>
    public abstract void Acknowledge();

    public abstract void Fail(Exception why);
}

internal sealed class Work<T>(Func<JournalTables, T> change) : Work
{
    // Without this flag a caller's continuation would run on the committer's thread and hold up everybody.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;
    private Exception? refusal;

    public Task<T> Done => done.Task;

    public override void Run(JournalTables tables)
    {
        refusal = null;
        try
        {
            result = change(tables);
        }
        catch (Exception e) when (e is ArgumentException or IllegalTransitionException or UnreadableEventException)
        {
            // Judging comes before the first write, so the others of the batch lose nothing by this one.
            refusal = e;
        }
    }

    public override void Acknowledge()
    {
        if (refusal is null)
        {
            done.SetResult(result);
        }
        else
        {
            done.SetException(refusal);
        }
    }

    public override void Fail(Exception why) => done.SetException(why);
}

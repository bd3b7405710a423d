namespace ScyllaBot.Core.Tasks;

/// <summary>Anything the catalogue lists.</summary>
public interface ITagged
{
    /// <summary>What a human reads in a log line or on a card.</summary>
    string Title => TagAttribute.Of(GetType()).Title;
}

/// <summary>One idempotent unit of work: running it twice gives what running it once gives. Its init properties are its inputs.</summary>
/// <typeparam name="TContext">What it may touch: a cluster or one of its nodes.</typeparam>
public interface ITask<in TContext> : ITagged
{
    /// <summary>What must hold right before every attempt. An author with none says so: <c>=> []</c>.</summary>
    IReadOnlyList<ICondition<TContext>> Preconditions { get; }

    /// <exception cref="RecoverableException">Worth another attempt under the step's retries; anything else halts the job.</exception>
    Task ExecuteAsync(TContext context, CancellationToken ct);
}

/// <summary>A criterion that can be polled. It only reads.</summary>
/// <typeparam name="TContext">What it looks at: a cluster or one of its nodes.</typeparam>
public interface ICondition<in TContext> : ITagged
{
    /// <returns>Null when it holds, otherwise a sentence with what is missing: it is what an operator reads at 3 a.m.</returns>
    /// <exception cref="RecoverableException">It could not be read this time: the same as "does not hold yet".</exception>
    /// <exception cref="UnrecoverableException">It can never hold any more: whoever waits fails at once (R8).</exception>
    Task<string?> WhyNotAsync(TContext context, CancellationToken ct);
}

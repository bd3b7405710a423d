using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Clusters;

/// <summary>What a task is about to leave owing.</summary>
/// <param name="Subject">Node, node/thing, or empty for the cluster.</param>
/// <param name="What">A sentence for people.</param>
/// <param name="Within">From now to its deadline.</param>
/// <param name="Undo">What pays it.</param>
public sealed record Owing(DebtKind Kind, string Subject, string What, TimeSpan Within, DebtUndo Undo, DebtNature Nature = DebtNature.Owed);

/// <summary>
/// The cluster's debts, as a task sees them. A task opens right before the effect that is owed for, and pays after it has seen that all is undone;
/// both may be done again by the next attempt.
/// </summary>
public interface IDebts
{
    /// <summary>Durable when it returns. What this job owes already is not opened twice.</summary>
    Task OpenAsync(Owing owing, CancellationToken ct);

    /// <summary>Pays what is open, whoever opened it.</summary>
    /// <param name="kind">What kind.</param>
    /// <param name="subject">Null: whatever it is about.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="before">Only what was opened until that moment; null = all.</param>
    Task PayAsync(DebtKind kind, string? subject, CancellationToken ct, DateTimeOffset? before = null);

    /// <summary>What is open on the cluster, whoever opened it.</summary>
    Task<ImmutableArray<Debt>> ListAsync(DebtKind kind, CancellationToken ct);
}

/// <summary>Where there is no job, nothing is owed.</summary>
public sealed class NoDebts : IDebts
{
    public static NoDebts Instance { get; } = new();

    public Task OpenAsync(Owing owing, CancellationToken ct) => Task.CompletedTask;

    public Task PayAsync(DebtKind kind, string? subject, CancellationToken ct, DateTimeOffset? before = null) => Task.CompletedTask;

    public Task<ImmutableArray<Debt>> ListAsync(DebtKind kind, CancellationToken ct) => Task.FromResult(ImmutableArray<Debt>.Empty);
}

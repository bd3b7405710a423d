namespace ScyllaBot.Core.Tasks;

/// <summary>Transient: the step's retries apply. Thrown only at the border, by the adapter that knows.</summary>
/// <param name="message">A sentence for the operator.</param>
/// <param name="inner">What the adapter saw.</param>
public sealed class RecoverableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The work itself has ended: nothing of it goes on unseen. Otherwise nobody knows.</summary>
    public bool IsOver { get; init; }
}

/// <summary>Another attempt can only harm: halt the job and call a human. An unclassified exception counts as this.</summary>
/// <param name="message">A sentence for the operator.</param>
/// <param name="inner">What the adapter saw.</param>
public sealed class UnrecoverableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>As with <see cref="RecoverableException.IsOver"/>: it was refused, and nothing has begun.</summary>
    public bool IsOver { get; init; }
}

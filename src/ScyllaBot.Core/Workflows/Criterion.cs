using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>A condition that is looked at and not waited for: of a guard, or of what may be skipped.</summary>
/// <typeparam name="TContext">What the condition looks at.</typeparam>
public sealed record Criterion<TContext>
{
    [Description("What is looked at")]
    public required ICondition<TContext> Condition { get; init; }
}

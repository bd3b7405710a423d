namespace ScyllaBot.Core.Tasks;

/// <summary>A condition plus the patience of whoever waits for it; fits wherever a condition fits.</summary>
/// <typeparam name="TContext">What the condition looks at.</typeparam>
public sealed record ConditionCheck<TContext> : ICondition<TContext>, IConditionAround
{
    [Description("The condition to wait for")]
    public required ICondition<TContext> Condition { get; init; }

    /// <value>Default 0 s: one good look is enough.</value>
    [Description("How long it must hold without a break")]
    public TimeSpan SuccessWindow { get; init; } = TimeSpan.Zero;

    /// <value>Default 5 s.</value>
    [Description("Time between two looks"), Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Default 5 min, counted from the step's first start (R8).</value>
    [Description("How long to wait before giving up")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public string Title => Condition.Title;

    ITagged IConditionAround.Inner => Condition;

    public Task<string?> WhyNotAsync(TContext context, CancellationToken ct) => Condition.WhyNotAsync(context, ct);
}

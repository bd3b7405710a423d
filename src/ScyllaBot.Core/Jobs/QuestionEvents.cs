namespace ScyllaBot.Core.Jobs;

/// <summary>A step asks people something; one ping follows from it.</summary>
/// <param name="Choices">What may be answered; empty = free text.</param>
/// <param name="Pattern">What free text must match from end to end; null = anything short.</param>
public sealed record QuestionAsked(DateTimeOffset At, StepKey Key, string Text, ImmutableArray<string> Choices, string? Pattern) : JobEvent(At);

/// <summary>The one answer; the step gets it now or when it is entered again.</summary>
public sealed record QuestionAnswered(DateTimeOffset At, StepKey Key, Person By, string Answer) : JobEvent(At);

/// <summary>A question and how it stands.</summary>
public sealed record QuestionState(QuestionAsked Asked, Person? By, string? Answer)
{
    public bool IsOpen => Answer is null;
}

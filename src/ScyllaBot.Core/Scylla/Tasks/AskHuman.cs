using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Asks people and waits for the answer, over restarts. Never while a node is down by us: nobody may be waited for then (R3).</summary>
[Tag("ask-human", "Ask a human", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("message: Is the new rack cabled?\nchoices: [yes, no]\ngo_on: [yes]")]
public sealed record AskHuman : IClusterTask, IAsksPeople
{
    [Description("What is asked; plain text")]
    public required string Message { get; init; }

    /// <value>Default none: free text.</value>
    [Description("What may be answered"), RegularExpression(@"[^\r\n]{1,80}")]
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <value>Default none: any text of at most 200 characters.</value>
    [Description("Regular expression that free text must match from end to end")]
    public string Pattern { get; init; } = "";

    /// <value>Default none: any answer will do.</value>
    [Description("Answers with which the job goes on; any other halts it")]
    public IReadOnlyList<string> GoOn { get; init; } = [];

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var answer = await context.People.AskAsync(new HumanQuestion(Message, [.. Choices], Pattern.Length == 0 ? null : Pattern), ct);
        context.Log.Write($"Answered: {answer}");
        if (GoOn.Count > 0 && !GoOn.Contains(answer, StringComparer.Ordinal))
        {
            throw new UnrecoverableException($"\"{Message}\" was answered with \"{answer}\"");
        }
    }
}

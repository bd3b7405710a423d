namespace ScyllaBot.Core.Tasks;

/// <summary>A line of a job's log, as the article prints it.</summary>
/// <param name="At">Engine time.</param>
/// <param name="Job">Whose.</param>
/// <param name="Path">Place in the plan; empty for the job itself.</param>
/// <param name="Node">Null for cluster steps.</param>
/// <param name="Text">Bounded; not escaped.</param>
public sealed record LogLine(DateTimeOffset At, string Job, string Path, string? Node, string Text)
{
    /// <summary>What the step was asked for, such as a line of a report: printed as it is, without a time.</summary>
    public bool IsOutput { get; init; }

    /// <summary>The article's form, with the node in front where there is one.</summary>
    public override string ToString() => IsOutput
        ? $"{(Node is null ? "" : $"[{Node}] ")}{Text}"
        : $"{At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z {(Node is null ? "" : $"[{Node}] ")}{Text}";
}

/// <summary>Thread-safe: command output comes in from the transport's own threads.</summary>
public interface ILogSink
{
    void Write(LogLine line);
}

/// <summary>Where a task writes what an operator should read.</summary>
public sealed class StepLog(ILogSink sink, TimeProvider time, string job, string path, string? node)
{
    private const int MaxLength = 1000;

    public void Write(string text) => sink.Write(Line(text));

    /// <summary>What the step was asked for, rather than how it goes.</summary>
    public void Print(string text) => sink.Write(Line(text) with { IsOutput = true });

    /// <summary>How long something took, as the article prints it: <c>109ms</c>, <c>2.259s</c>.</summary>
    internal static string Took(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? FormattableString.Invariant($"{span.TotalMilliseconds:0}ms") : FormattableString.Invariant($"{span.TotalSeconds:0.000}s");

    public StepLog For(string stepPath, string? stepNode) => new(sink, time, job, stepPath, stepNode);

    private LogLine Line(string text) => new(time.GetUtcNow(), job, path, node, Shortened.To(text, MaxLength));
}

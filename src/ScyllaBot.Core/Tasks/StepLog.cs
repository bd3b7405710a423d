namespace ScyllaBot.Core.Tasks;

/// <summary>A line of a job's log, as the article prints it.</summary>
/// <param name="At">Engine time.</param>
/// <param name="Job">Whose.</param>
/// <param name="Path">Place in the plan; empty for the job itself.</param>
/// <param name="Node">Null for cluster steps.</param>
/// <param name="Text">Bounded; not escaped.</param>
public sealed record LogLine(DateTimeOffset At, string Job, string Path, string? Node, string Text)
{
    /// <summary>The article's form, with the node in front where there is one.</summary>
    public override string ToString() =>
        $"{At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z {(Node is null ? "" : $"[{Node}] ")}{Text}";
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

    public void Write(string text) =>
        sink.Write(new LogLine(time.GetUtcNow(), job, path, node, text.Length <= MaxLength ? text : text[..MaxLength] + "…"));

    public StepLog For(string stepPath, string? stepNode) => new(sink, time, job, stepPath, stepNode);
}

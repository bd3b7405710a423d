using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Writes a small text file: what changes is shown in the log, the file of before is kept beside as PATH.before-JOB-STEP, and the new one is there
/// as a whole or not at all. No place for secrets: they would stand in the job.
/// </summary>
[Undo("put back the file of before: it is kept beside the new one")]
[Tag("put-file", "Write a file", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("path: /etc/scylla.d/housekeeping.cfg\ncontent: |\n  [housekeeping]\n  check-version: False\nmode: \"0644\"")]
public sealed record PutFile : INodeTask
{
    [Description("Absolute path"), RegularExpression(NodeFiles.PathPattern)]
    public required string Path { get; init; }

    [Description("All of it; at most 4000 characters")]
    public required string Content { get; init; }

    /// <value>Default none: as it is now; 0644 for a new file.</value>
    [Description("Permissions in octal"), RegularExpression("0?[0-7]{3}")]
    public string? Mode { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct) =>
        await NodeFiles.WriteAsync(context, Path, Content, Mode, await NodeFiles.ReadAsync(context, Path, ct), ct);
}

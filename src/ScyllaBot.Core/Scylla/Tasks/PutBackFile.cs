using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Gives a file back what it held before this job's node workflow changed it: the first copy that one of its steps has kept beside it
/// (<c>put-file</c>, <c>apply-scylla-yaml</c>). What no step has changed stays as it is, and so does a file that was new. Made for <c>restore</c>.
/// </summary>
[Tag("put-back-file", "Put a file back", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("path: /etc/scylla/scylla.yaml")]
public sealed record PutBackFile : INodeTask
{
    // A directory can not be listed with the rights that reading a file in it needs, so the copies are asked for by name.
    private const int MostSteps = 30;

    [Description("Absolute path"), RegularExpression(NodeFiles.PathPattern)]
    public required string Path { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var workflow = context.Stamp.Path.Split('.')[0];
        for (var step = 1; step <= MostSteps; step++)
        {
            var stamp = context.Stamp with { Path = string.Create(CultureInfo.InvariantCulture, $"{workflow}.{step}") };
            if (stamp.Path != context.Stamp.Path && await NodeFiles.ReadAsync(context, NodeFiles.BackupOf(stamp, Path), ct) is { } before)
            {
                context.Log.Write($"Putting back what it was before step {stamp.Path}");
                await NodeFiles.WriteAsync(context, Path, before, mode: null, await NodeFiles.ReadAsync(context, Path, ct), ct);
                return;
            }
        }

        context.Log.Write($"No step of this job has changed {Path}");
    }
}

using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has the running Scylla read its scylla.yaml again, and waits until its journal says that it has: a SIGHUP answers nobody, and a file that can
/// not be read changes nothing (facts 4.3, 7.42). Options that are not live stay as they are; <c>config-is</c> tells.
/// </summary>
[Tag("send-sighup", "Have Scylla read its file again", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record SendSighup : INodeTask
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        // A broken file is found out before Scylla is asked to read it.
        var file = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct) ?? throw new UnrecoverableException($"{context.Node.Name} has no {ScyllaYaml.Path}");
        ScyllaYaml.Parse(file, $"{ScyllaYaml.Path} on {context.Node.Name}");
        var cursor = await ScyllaJournal.FirstCursorAsync(context, ct);
        await Systemd.HangUpAsync(context, Systemd.Scylla, ct);
        var givesUp = context.Time.GetUtcNow() + Patience;
        while (true)
        {
            var read = await ScyllaJournal.RereadSinceAsync(context, cursor, [], ct);
            if (read.Failure is { } failure)
            {
                throw new UnrecoverableException($"{context.Node.Name}: Scylla could not read the file: {CommandOutput.Tail(failure)}");
            }

            if (read.Ended)
            {
                context.Log.Write("Scylla has read its file again");
                return;
            }

            if (context.Time.GetUtcNow() >= givesUp)
            {
                throw new RecoverableException(
                    $"{context.Node.Name}: nothing in the journal says that the file was read again within {Patience.TotalSeconds:0} s");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }
}

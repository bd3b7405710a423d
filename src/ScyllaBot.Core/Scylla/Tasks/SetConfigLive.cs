using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Changes options of the running Scylla: scylla.yaml, SIGHUP, and then proof, since a SIGHUP tells nobody that it did nothing (facts 4.3, 7.42):
/// the journal must say that the file was read, and the node's REST API must give the new values. Otherwise the old file is put back.
/// </summary>
[Undo("set the value of before; it is gone with the next restart")]
[Tag("set-config-live", "Change Scylla's options live", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("settings:\n  - compaction_throughput_mb_per_sec=64")]
public sealed record SetConfigLive : INodeTask
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    [Description("Options to set, as name=value with the value in YAML"), MinLength(1), RegularExpression(ConfigSetting.Pattern)]
    public required IReadOnlyList<string> Settings { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var settings = ConfigSetting.ParseAll(Settings);
        var before = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct)
            ?? throw new UnrecoverableException($"{context.Node.Name} has no {ScyllaYaml.Path}");
        await ConfigOptions.KnownAsync(context, settings.Select(s => s.Name), before, ct);
        var after = ScyllaYaml.Merge(before, settings);
        if (after == before && (await ConfigOptions.DifferentAsync(context, settings, ct)).IsEmpty)
        {
            context.Log.Write("The options hold these values already");
            return;
        }

        await CheckSourcesAsync(context, settings, ct);
        var cursor = await ScyllaJournal.FirstCursorAsync(context, ct);
        await NodeFiles.WriteAsync(context, ScyllaYaml.Path, after, mode: null, before, ct);
        await Systemd.HangUpAsync(context, Systemd.Scylla, ct);
        if (await WhyNotTakenAsync(context, cursor, settings, ct) is { } why)
        {
            await PutBackAsync(context, before, ct);
            throw new UnrecoverableException($"{why}; {ScyllaYaml.Path} is as it was before");
        }

        context.Log.Write("The running Scylla has taken the new values");
    }

    private static async Task CheckSourcesAsync(NodeContext context, ImmutableArray<ConfigSetting> settings, CancellationToken ct)
    {
        var sources = await ConfigOptions.SourcesAsync(context, ct);
        var deaf = settings.Where(s => sources.GetValueOrDefault(s.Name) is not (null or "default" or "config")).ToArray();
        if (deaf.Length > 0)
        {
            throw new UnrecoverableException(
                $"{context.Node.Name}: SIGHUP would skip {string.Join(", ", deaf.Select(s => $"{s.Name} (set by {sources[s.Name]})"))}; a restart takes the file's value");
        }
    }

    private static async Task<string?> WhyNotTakenAsync(
        NodeContext context, string cursor, ImmutableArray<ConfigSetting> settings, CancellationToken ct)
    {
        var givesUp = context.Time.GetUtcNow() + Patience;
        while (true)
        {
            var read = await ScyllaJournal.RereadSinceAsync(context, cursor, settings.Select(s => s.Name), ct);
            if (read.Failure is { } failure)
            {
                return $"{context.Node.Name}: Scylla could not read the file: {CommandOutput.Tail(failure)}";
            }

            if (read.Complaints is [var complaint, ..])
            {
                return $"{context.Node.Name}: Scylla says: {CommandOutput.Tail(complaint)}";
            }

            var different = await ConfigOptions.DifferentAsync(context, settings, ct);
            if (read.Ended && different.IsEmpty)
            {
                return null;
            }

            if (context.Time.GetUtcNow() >= givesUp)
            {
                return read.Ended
                    ? $"{string.Join("; ", different)}: the file was read, but this needs a restart, or was set by command line, CQL or API"
                    : $"{context.Node.Name}: nothing in the journal says that the file was read again within {Patience.TotalSeconds:0} s";
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    /// <summary>What did not work live must not wait in the file for the next start.</summary>
    private static async Task PutBackAsync(NodeContext context, string before, CancellationToken ct)
    {
        // Taken up again after the write, this attempt found its own text: the step's copy has the one of before.
        var old = await NodeFiles.ReadAsync(context, NodeFiles.BackupOf(context.Stamp, ScyllaYaml.Path), ct) ?? before;
        var now = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct);
        await NodeFiles.WriteAsync(context, ScyllaYaml.Path, old, mode: null, now, ct);
        await context.RunAsync(["systemctl", "kill", "--signal=HUP", "--kill-who=main", Systemd.Scylla], Patience, ct);
    }
}

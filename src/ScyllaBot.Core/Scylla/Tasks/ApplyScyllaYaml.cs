using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Changes scylla.yaml for the next start: validated first, because a start only warns of an unknown key and keeps the old value of one that it
/// can not read (facts 4.2). After the start, wait for <c>config-is</c>.
/// </summary>
[Undo("put back the file of before: it is kept beside the new one")]
[Tag("apply-scylla-yaml", "Change scylla.yaml", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("settings:\n  - commitlog_total_space_in_mb=8192\n  - hinted_handoff_enabled=true")]
public sealed record ApplyScyllaYaml : INodeTask
{
    /// <value>Default empty.</value>
    [Description("Options to set, as name=value with the value in YAML; the rest of the file stays"), RegularExpression(ConfigSetting.Pattern)]
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <value>Default none.</value>
    [Description("The whole file instead; at most 4000 characters")]
    public string? Text { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (Settings.Count == 0 == Text is null)
        {
            throw new UnrecoverableException("apply-scylla-yaml needs either settings or text");
        }

        var before = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct);
        var settings = ConfigSetting.ParseAll(Settings);
        var after = Text ?? ScyllaYaml.Merge(before ?? "", settings);
        var names = Text is null ? settings.Select(s => s.Name) : ScyllaYaml.Parse(Text, "text").Pairs.Select(p => p.Key);
        await ConfigOptions.KnownAsync(context, names, before ?? "", ct);
        if (await NodeFiles.WriteAsync(context, ScyllaYaml.Path, after, mode: null, before, ct))
        {
            context.Log.Write("It takes effect at the next start of Scylla");
        }
    }
}

using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The machine's operating system calls itself this release.</summary>
[Tag("os-release-is", "Operating system is as wanted")]
[Example("release: debian 12")]
public sealed record OsReleaseIs : INodeCondition
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Description("ID and VERSION_ID of /etc/os-release, such as debian 12 or rocky 9.5"), RegularExpression("[a-z0-9._-]{1,40} [A-Za-z0-9._-]{1,40}")]
    public required string Release { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var said = await NodeCommands.ReadAsync(context.Commands, context.Node, ["cat", "/etc/os-release"], Patience, ct);
        var lines = said.Output.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Trim('"', '\''), StringComparer.Ordinal);
        var release = $"{lines["ID"].FirstOrDefault()} {lines["VERSION_ID"].FirstOrDefault()}";
        return said.Exit != 0 ? throw new RecoverableException($"{context.Node.Name}: /etc/os-release can not be read: {CommandOutput.Tail(said.Output)}")
            : string.Equals(release, Release, StringComparison.Ordinal) ? null
            : $"{context.Node.Name} is {CommandOutput.Tail(release)}, not {Release}";
    }
}

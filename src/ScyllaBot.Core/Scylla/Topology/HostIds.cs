using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Host ids as people type them. Addresses are not taken: they are used again (facts 7.16, 7.36).</summary>
internal static class HostIds
{
    public const string Pattern = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    /// <exception cref="UnrecoverableException">One is no host id.</exception>
    public static ImmutableArray<Guid> Parse(IEnumerable<string> texts) =>
    [
        .. texts.Select(text => Guid.TryParseExact(text, "D", out var host)
            ? host : throw new UnrecoverableException($"{(text.Length <= 60 ? text : text[..60])} is no host id")),
    ];
}

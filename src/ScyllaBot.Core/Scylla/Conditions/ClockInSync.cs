using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// The node's clock is off by less than a bound: wrong clocks make wrong timestamps, so it is asked before Scylla starts after a reboot (R28).
/// chrony says it, else systemd-timesyncd, else the bot compares with its own clock.
/// </summary>
[Tag("clock-in-sync", "Clock is in sync")]
[Example("max_offset_seconds: 0.1")]
public sealed record ClockInSync : INodeCondition
{
    /// <value>Default 0.1 s (R28).</value>
    [Description("Offset that is too much"), Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MaxOffset { get; init; } = TimeSpan.FromMilliseconds(100);

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var clock = await Clock.OffsetAsync(context, ct);
        var (off, most) = (clock.Offset.TotalMilliseconds, MaxOffset.TotalMilliseconds);
        context.Observe(new Reading("clock offset", off, "ms", $"{clock.Source}, {context.Node.Name}") { Bound = most });
        return off < most ? null : FormattableString.Invariant($"the clock of {context.Node.Name} is off by up to {off:0.###} ms by {clock.Source}, not below {most:0.###} ms");
    }
}

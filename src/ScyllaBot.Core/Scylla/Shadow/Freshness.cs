using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Scylla.Shadow;

/// <summary>Numbers of long ago prove nothing about now, whatever they say.</summary>
internal static class Freshness
{
    /// <summary>How far two clocks may be apart.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <returns>Null where they are of now.</returns>
    public static string? WhyStale(ClusterContext context, DateTimeOffset measuredAt, TimeSpan maxAge)
    {
        var age = context.Time.GetUtcNow() - measuredAt;
        return age > maxAge + Slack ? string.Create(CultureInfo.InvariantCulture, $"the data service's numbers are {age.TotalSeconds:0} s old")
            : age < -Slack ? string.Create(CultureInfo.InvariantCulture, $"the data service's numbers are {-age.TotalSeconds:0} s ahead of this clock: one of the two is wrong")
            : null;
    }

    /// <returns>Null where the mirror is of that source.</returns>
    public static string? WhyOtherSource(MirrorStatus mirror, string shadow, string source) =>
        mirror.Shadow != shadow ? $"the data service tells of {ProvisionWire.Short(mirror.Shadow)}, not of {shadow}"
        : mirror.Source is null ? $"the data service has never mirrored anything to {shadow}"
        : mirror.Source != source ? $"the data service mirrors {ProvisionWire.Short(mirror.Source)} to {shadow}, not {source}"
        : null;
}

using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Doctor;

/// <summary>The node's clock is right: wrong clocks make wrong timestamps (R28).</summary>
internal sealed class ClockCheck : INodeCheck
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(100);

    public string Id => "clock";

    public bool Fits(Cluster cluster, Node node) => node.IsInRing;

    public NodeNeed NeedOf(Node node) => NodeNeed.Reach;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var clock = await Clock.OffsetAsync(@case.Commands, node, @case.Time, ct);
            return clock.Offset < Most ? DoctorFinding.Ok(Id, "less than 100 ms off")
                : clock.IsOwn && clock.Offset < TimeSpan.FromSeconds(5)
                ? DoctorFinding.Warning(Id, "neither chrony nor systemd-timesyncd tells how far its clock is off", "run chrony there")
                : DoctorFinding.Broken(
                    Id, string.Create(CultureInfo.InvariantCulture, $"its clock is off by up to {clock.Offset.TotalSeconds:0.###} s (by {clock.Source})"), "look at chrony there (chronyc sources), before Scylla is started on it again");
        }
        catch (RecoverableException untold)
        {
            return DoctorFinding.Broken(Id, untold.Message.Replace($"{node.Name}: ", "", StringComparison.Ordinal), "run chrony there, and let it reach its servers (chronyc sources)");
        }
        catch (UnrecoverableException refused)
        {
            return DoctorFinding.Broken(Id, refused.Message.Replace($"{node.Name}: ", "", StringComparison.Ordinal), "run chronyc -c tracking there by hand as the bot's login");
        }
    }
}

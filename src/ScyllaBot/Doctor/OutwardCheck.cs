using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports;

namespace ScyllaBot.Doctor;

/// <summary>Addresses of pager and heartbeat can be had and are well-formed. They are not called: somebody's telephone would ring.</summary>
internal sealed class OutwardCheck : IBotCheck
{
    public string Id => "pager-heartbeat";

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct)
    {
        DoctorFinding?[] found = [Of("the pager", "Calls:Pager", @case.Settings.Calls.PagerUrl), Of("the heartbeat", "Heartbeat:Url", @case.Settings.Heartbeat.Target)];
        return Task.FromResult(found.OfType<DoctorFinding>());
    }

    private DoctorFinding? Of(string what, string setting, SecretRef? address) => address is null ? null
        : Secrets.WhyNot(address, asAddress: true) is { } why
        ? DoctorFinding.Broken(Id, $"{what} has no address: {why}", $"put its https address where ScyllaBot:{setting} says, readable by the bot's user only")
        : DoctorFinding.Ok(Id, $"{what}: {address} holds an address (not called)");
}

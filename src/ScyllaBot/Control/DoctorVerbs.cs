using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Doctor;

namespace ScyllaBot.Control;

/// <summary>Whether everything is as the bot needs it, looked at by the bot itself.</summary>
internal sealed class DoctorVerbs(IJobControl control, RunningDoctor doctor)
{
    public IEnumerable<(ControlRoute Route, ControlVerb Verb)> All => [(ControlRoutes.Doctor, LookAsync)];

    private async Task<object> LookAsync(ControlCall call, CancellationToken ct) =>
        ReadVerbs.WhyNoCluster(control, call.Option("cluster")) is { } unknown ? unknown : await doctor.LookAsync(call.Option("cluster"), ct);
}

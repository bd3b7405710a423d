using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Whether a file HALT stops everything (R20).</summary>
internal sealed class HaltFileCheck : IBotCheck
{
    public string Id => "halt-file";

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct)
    {
        var path = Path.Combine(@case.State, HaltFile.Name);
        return Task.FromResult<IEnumerable<DoctorFinding>>(
        [
            File.Exists(path)
                ? DoctorFinding.Warning(Id, $"{path} is there: everything is halted", "when it is over, remove the file; then an approver lifts the halt with /scp halt-all lift:true")
                : DoctorFinding.Ok(Id, "none"),
        ]);
    }
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Every workflow loads.</summary>
internal sealed class WorkflowsCheck : IBotCheck
{
    public string Id => "workflows";

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct) => Task.FromResult(Look(@case));

    private IEnumerable<DoctorFinding> Look(DoctorCase @case)
    {
        if (@case.Library is not { } library)
        {
            return [DoctorFinding.Broken(Id, $"there is no workflow folder {@case.Workflows} that can be read", "set ScyllaBot:Workflows (--workflows) to the folder with your workflows")];
        }

        var count = library.Names.Count();
        return !library.Errors.IsEmpty
            ? library.Errors.Select(e => DoctorFinding.Broken(Id, $"{e}", "correct the file; until then the bot runs without this workflow"))
            : count == 0
            ? [DoctorFinding.Warning(Id, $"{@case.Workflows} has no workflow (*.yaml)", "copy those you want from the ones that ship with the bot")]
            : [DoctorFinding.Ok(Id, $"{count} in {@case.Workflows}, all load")];
    }
}

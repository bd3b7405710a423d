using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

public static partial class JobCard
{
    private static NoticePart InFlight(LiveJob live) => new(
        live.Job.State == JobState.Halted ? "Still moving: let it finish, or" : "Aborting: let it finish, or", live.Job.State is not (JobState.Aborting or JobState.Halted) ? ""
            : Wording.Lines(live.InFlight.Select(m => $"{Markup.Code(m.Host, 64)} {Markup.Escape(m.What, 80)}. {Markup.Escape(m.WayOut, 250)}"), 1000));

    /// <summary>R5: an aborting job says whom it waits for.</summary>
    private static string WaitsFor(LiveJob live) => live is { Job.State: JobState.Aborting, InFlight: { IsEmpty: false } moving }
        ? $": waiting for {Markup.Escape(string.Join(", ", moving.Select(m => m.Host).Distinct(StringComparer.Ordinal).Take(3)), 120)}" : "";
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Looks at one thing of the bot's own. It changes nothing and never throws for what it looks at.</summary>
internal interface IBotCheck
{
    string Id { get; }

    Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct);
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.Tests.Doctor;

/// <summary>Something that is wrong, planted on purpose.</summary>
/// <param name="Name">For people.</param>
/// <param name="Plant">Does it to sane surroundings.</param>
/// <param name="Check">Who must name it.</param>
/// <param name="Seen">What the finding must say.</param>
/// <param name="Remedy">What the remedy must say.</param>
internal sealed record Fault(string Name, Func<Patient, Task> Plant, string Check, string Seen, string Remedy)
{
    public DoctorLevel Level { get; init; } = DoctorLevel.Broken;

    /// <summary>It hides others, so it is left out where all are planted together.</summary>
    public bool Hides { get; init; }

    /// <summary>What else is told besides: checks that the fault spoils too.</summary>
    public string[] Also { get; init; } = [];

    public bool IsNamedIn(DoctorReport report) => report.Findings.Any(f => f.Check == Check && f.Level == Level
        && f.Seen.Contains(Seen, StringComparison.Ordinal) && f.Remedy?.Contains(Remedy, StringComparison.Ordinal) == true);

    public override string ToString() => Name;
}

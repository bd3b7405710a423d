using System.ComponentModel.DataAnnotations;

namespace ScyllaBot.Upkeep;

/// <summary>Section <c>ScyllaBot:Backup</c>: copies of the job database while it is in use.</summary>
internal sealed record BackupSettings
{
    /// <value>Default <c>backups</c> in the state's folder; better one on another disk. The sandbox makes backups only where this is set.</value>
    public string? Folder { get; init; }

    /// <value>Default 24; 0 = no backups.</value>
    [Range(0, 744)]
    public int EveryHours { get; init; } = 24;

    /// <value>Default 7: older ones are removed after a new one is good.</value>
    [Range(1, 1000)]
    public int Keep { get; init; } = 7;

    /// <returns>Null: there are none.</returns>
    public BackupFolder? FolderFor(string state, bool isSandbox) =>
        EveryHours == 0 || (isSandbox && string.IsNullOrEmpty(Folder)) ? null : new BackupFolder(string.IsNullOrEmpty(Folder) ? Path.Combine(state, "backups") : Folder);
}

/// <summary>Section <c>ScyllaBot:Retention</c>: how long the database remembers what is over.</summary>
internal sealed record RetentionSettings : IValidatableObject
{
    /// <value>Default 365: days after its end that a job is kept; 0 = for ever.</value>
    [Range(0, 36500)]
    public int Days { get; init; } = 365;

    /// <value>Default 1095: days that commands, presses and refusals are kept; 0 = for ever.</value>
    [Range(0, 36500)]
    public int AuditDays { get; init; } = 1095;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AuditDays != 0 && (Days == 0 || AuditDays < Days)
        ? [new ValidationResult($"Retention:AuditDays is {AuditDays} and Retention:Days is {Days}: what people asked is kept at least as long as the jobs it was about")] : [];
}

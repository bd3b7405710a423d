using System.ComponentModel.DataAnnotations;
using ScyllaBot.Control;
using ScyllaBot.Observe;
using ScyllaBot.Upkeep;

namespace ScyllaBot;

/// <summary>Section <c>ScyllaBot</c> of the configuration, checked at start.</summary>
internal sealed record HostSettings
{
    /// <value>Default <c>state</c>.</value>
    [Required]
    public string State { get; init; } = "state";

    /// <value>Default <c>workflows</c>, looked for beside the program too.</value>
    [Required]
    public string Workflows { get; init; } = "workflows";

    /// <summary>The file with real clusters; with it a Discord token is needed.</summary>
    public string? Inventory { get; init; }

    /// <value><c>auto</c> (default): open jobs go on; <c>ask</c>: they wait for resume.</value>
    [RegularExpression("auto|ask")]
    public string ResumeOnStart { get; init; } = "auto";

    /// <value>Default 3: clusters that are disrupted at the same time (R18).</value>
    [Range(1, 1000)]
    public int MaxDisruptiveJobs { get; init; } = 3;

    public SandboxSettings Sandbox { get; init; } = new();

    public ApprovalSettings Approvals { get; init; } = new();

    public CallOptions Calls { get; init; } = new();

    public HeartbeatOptions Heartbeat { get; init; } = new();

    public ControlSettings Control { get; init; } = new();

    public ObserveSettings Observe { get; init; } = new();

    public BackupSettings Backup { get; init; } = new();

    public RetentionSettings Retention { get; init; } = new();
}

internal sealed record SandboxSettings
{
    [Range(0.1, 1000)]
    public double Speed { get; init; } = 30;

    public long Seed { get; init; } = 1;
}

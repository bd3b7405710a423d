using System.Collections.Immutable;

namespace ScyllaBot.Observe;

/// <summary>
/// Every metric there is, in the order of the page. Names are a contract with dashboards and alert rules. No label names a job, a node, a cluster or a
/// person: the page may be read by anybody, and the number of series stays small.
/// </summary>
internal static class Families
{
    public static readonly Family BuildInfo = new("scyllabot_build_info", FamilyKind.Gauge, "1; the labels say which version runs, and whether against the sandbox.", "version", "sandbox");
    public static readonly Family StartTime = new("scyllabot_start_time_seconds", FamilyKind.Gauge, "When this process began, in seconds since 1970.");
    public static readonly Family Health = new("scyllabot_health", FamilyKind.Gauge, "1 while a part is well, 0.5 while it has a warning, 0 while it fails; as /readyz says.", "part");
    public static readonly Family Clusters = new("scyllabot_clusters", FamilyKind.Gauge, "Clusters in the inventory by mode.", "mode");

    public static readonly Family Jobs = new("scyllabot_jobs", FamilyKind.Gauge, "Open jobs by state and by the mode of their cluster.", "state", "mode");
    public static readonly Family JobsStuck = new("scyllabot_jobs_stuck", FamilyKind.Gauge, "Open jobs that can not go on in this process.");
    public static readonly Family HaltsUnseen = new("scyllabot_halts_unacknowledged", FamilyKind.Gauge, "Halted jobs that nobody has acknowledged.");
    public static readonly Family HaltedHolding = new("scyllabot_jobs_halted_with_nodes_held", FamilyKind.Gauge, "Halted jobs that hold a node, which may be down.");
    public static readonly Family FleetHalted = new("scyllabot_fleet_halted", FamilyKind.Gauge, "1 while halt-all is in force.");
    public static readonly Family JobsStarted = new("scyllabot_jobs_started_total", FamilyKind.Counter, "Jobs that somebody asked for.");
    public static readonly Family JobsEnded = new("scyllabot_jobs_ended_total", FamilyKind.Counter, "Jobs that ended, by outcome.", "outcome");
    public static readonly Family Halts = new("scyllabot_halts_total", FamilyKind.Counter, "How often a job halted for a human.");
    public static readonly Family Holds = new("scyllabot_holds_total", FamilyKind.Counter, "How often a guard turned false and a job held.");
    public static readonly Family StepDuration = new("scyllabot_step_duration_seconds", FamilyKind.Histogram, "From a step's first start to its success, by task.", "task");
    public static readonly Family StepRetries = new("scyllabot_step_retries_total", FamilyKind.Counter, "Failed attempts that are tried again, by task.", "task");
    public static readonly Family StepFailures = new("scyllabot_step_failures_total", FamilyKind.Counter, "Failed attempts after which none is left, by task.", "task");
    public static readonly Family Approvals = new("scyllabot_approvals_waiting", FamilyKind.Gauge, "Approvals that wait for people.");
    public static readonly Family HeldNodes = new("scyllabot_held_nodes", FamilyKind.Gauge, "Nodes that jobs hold: each may be down by the bot's doing.");
    public static readonly Family LongestHold = new("scyllabot_held_longest_seconds", FamilyKind.Gauge, "For how long the node that is held longest has been held; 0 while none is.");
    public static readonly Family DebtsOpen = new("scyllabot_debts_open", FamilyKind.Gauge, "Debts that are not paid.");
    public static readonly Family DebtsOverdue = new("scyllabot_debts_overdue", FamilyKind.Gauge, "Debts that are not paid after their deadline.");

    public static readonly Family GatewayUp = new("scyllabot_gateway_up", FamilyKind.Gauge, "1 while the session with Discord's gateway stands.");
    public static readonly Family GatewayLost = new("scyllabot_gateway_lost_seconds", FamilyKind.Gauge, "For how long the session has been lost; 0 while it stands.");
    public static readonly Family GatewayFatal = new("scyllabot_gateway_fatal", FamilyKind.Gauge, "1 when Discord will not come back without a person: a dead token, disallowed intents.");
    public static readonly Family Interactions = new("scyllabot_interactions_total", FamilyKind.Counter, "Commands and presses, by what Discord said to the acknowledgement.", "result");
    public static readonly Family AckLatency = new("scyllabot_interaction_ack_seconds", FamilyKind.Histogram, "From receiving a command or press to its acknowledgement; Discord allows 3 s.");
    public static readonly Family RateLimited = new("scyllabot_discord_rate_limited_total", FamilyKind.Counter, "Calls that Discord refused with 429, by whose limit it was.", "scope");
    public static readonly Family RateWaits = new("scyllabot_discord_rate_limit_wait_seconds_total", FamilyKind.Counter, "Time that calls waited so that they did not meet a limit.");
    public static readonly Family OutboxRows = new("scyllabot_outbox_rows", FamilyKind.Gauge, "Messages that are written down and not confirmed.");
    public static readonly Family OutboxOldest = new("scyllabot_outbox_oldest_seconds", FamilyKind.Gauge, "Age of the oldest of them; 0 while there is none.");

    public static readonly Family StoreUp = new("scyllabot_store_up", FamilyKind.Gauge, "1 while the store can be written to.");
    public static readonly Family CommitLatency = new("scyllabot_store_commit_seconds", FamilyKind.Histogram, "From handing events to the store until they are durable.");
    public static readonly Family Appends = new("scyllabot_store_appends_total", FamilyKind.Counter, "Appends to journals by what they came to.", "result");
    public static readonly Family BackupAge = new("scyllabot_backup_age_seconds", FamilyKind.Gauge, "Since the last good backup; absent while there is none or backups are off.");
    public static readonly Family BackupBytes = new("scyllabot_backup_bytes", FamilyKind.Gauge, "Size of the last good backup.");
    public static readonly Family Backups = new("scyllabot_backups_total", FamilyKind.Counter, "Backups by what they came to.", "result");
    public static readonly Family Forgotten = new("scyllabot_jobs_forgotten_total", FamilyKind.Counter, "Ended jobs that were removed after their time (retention).");
    public static readonly Family HeartbeatAge = new("scyllabot_heartbeat_age_seconds", FamilyKind.Gauge, "Since a heartbeat arrived, or since the start; absent without a heartbeat.");

    public static readonly ImmutableArray<Family> All =
    [
        BuildInfo, StartTime, Health, Clusters,
        Jobs, JobsStuck, HaltsUnseen, HaltedHolding, FleetHalted, JobsStarted, JobsEnded, Halts, Holds, StepDuration, StepRetries, StepFailures, Approvals,
        HeldNodes, LongestHold, DebtsOpen, DebtsOverdue,
        GatewayUp, GatewayLost, GatewayFatal, Interactions, AckLatency, RateLimited, RateWaits, OutboxRows, OutboxOldest,
        StoreUp, CommitLatency, Appends, BackupAge, BackupBytes, Backups, Forgotten, HeartbeatAge,
    ];
}

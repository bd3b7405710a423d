namespace ScyllaBot.Core.Workflows;

/// <summary>What becomes of repairs while a job takes nodes down or changes who is in the ring (R26). A running one is never stopped.</summary>
public enum RepairPolicy
{
    /// <summary>What runs is waited for, and Scylla Manager starts nothing until the job has ended.</summary>
    Suspend,

    /// <summary>What runs is waited for before each node.</summary>
    Wait,

    /// <summary>Repairs and the job do not know of each other.</summary>
    Allow,
}

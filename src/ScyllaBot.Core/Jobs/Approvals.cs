namespace ScyllaBot.Core.Jobs;

/// <summary>Well-known approval keys.</summary>
public static class Approvals
{
    /// <summary>Before anything runs.</summary>
    public const string Start = "start";

    /// <summary>Before anything that has not begun, once what the start was approved for is no longer what is there (R15).</summary>
    public const string Drift = "drift";
}

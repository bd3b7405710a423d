namespace ScyllaBot.Core.Jobs;

/// <summary>Well-known approval keys.</summary>
public static class Approvals
{
    /// <summary>Before anything runs.</summary>
    public const string Start = "start";
}

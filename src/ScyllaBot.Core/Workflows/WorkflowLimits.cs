namespace ScyllaBot.Core.Workflows;

/// <summary>What a folder of workflows may be, for the bot that loads it and for <c>scyllactl</c> that checks it: what one of them refuses, the other does too.</summary>
public static class WorkflowLimits
{
    /// <summary>In a folder.</summary>
    public const int MostFiles = 500;

    /// <summary>Bytes of one.</summary>
    public const int LongestFile = 1024 * 1024;
}

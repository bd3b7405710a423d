namespace ScyllaBot.Core.Tasks;

internal static class FailureText
{
    /// <summary>What the operator reads: the adapter's sentence, or that nobody classified it.</summary>
    public static string Of(Exception failure) =>
        failure is RecoverableException or UnrecoverableException ? failure.Message : $"unclassified: {failure.GetType().Name}: {failure.Message}";
}

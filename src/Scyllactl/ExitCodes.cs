namespace Scyllactl;

/// <summary>What the program's end means to a script. Documented in docs/scyllactl.md and in <c>--help</c>: a contract.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The job halted, was aborted or refused; files have errors; something differs.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or the bot refused: nothing was changed.</summary>
    public const int Refused = 2;

    /// <summary>No bot answers.</summary>
    public const int NoBot = 3;

    /// <summary>The bot knows the caller and does not let them.</summary>
    public const int NotAllowed = 4;

    /// <summary>Something went wrong within the bot or here: whether anything was done is not known.</summary>
    public const int Broken = 5;

    /// <summary>Ctrl-C: the job goes on without a watcher; when a person was being asked, nothing was done.</summary>
    public const int Detached = 130;

    /// <summary>Code and meaning, in their order.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done; the job succeeded"),
        (Failed, "the job halted, was aborted or refused; files have errors; something differs"),
        (Refused, "the command line is wrong, or the bot refused: nothing was changed"),
        (NoBot, "no bot answers there"),
        (NotAllowed, "you are not allowed to do that"),
        (Broken, "something broke in the bot or on the way: look before you try again"),
        (Detached, "Ctrl-C: detached, the job goes on; at a question nothing was done"),
    ];
}

/// <summary>The verb ends here, with a sentence for the person and a code for the script.</summary>
internal sealed class StopException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}

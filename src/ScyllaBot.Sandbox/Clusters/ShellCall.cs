using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One command on a simulated machine, as its program sees it.</summary>
/// <param name="Words">Behind the program's name.</param>
internal sealed record ShellCall(SimNode Node, ImmutableArray<string> Words, string? Stdin, Cause Cause)
{
    public Machine Machine => Node.Machine;

    /// <summary>Words that are no options.</summary>
    public ImmutableArray<string> Plain => [.. Words.Where(word => !word.StartsWith('-'))];

    public bool Has(string word) => Words.Contains(word, StringComparer.Ordinal);

    public static Task<CommandResult> Done(int exit, string output) => Task.FromResult(new CommandResult(exit, output));
}

/// <summary>What a program does. What it changes goes on whether or not anybody waits for the result.</summary>
internal delegate Task<CommandResult> Program(ShellCall call);

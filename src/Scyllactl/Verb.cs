using System.Collections.Immutable;
using System.CommandLine;

namespace Scyllactl;

/// <summary>A verb of the command line, with lines that teach it.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines without the program's name, each with a remark or none.</summary>
    public ImmutableArray<(string Line, string Remark)> Examples { get; init; } = [];

    public Verb Does(Func<ParseResult, CancellationToken, Task<int>> action)
    {
        SetAction(action);
        return this;
    }
}

using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>What makes a repeat of a task harmless (architecture 7: twice = once).</summary>
internal enum Idempotent
{
    /// <summary>A second job finds the work done and does nothing.</summary>
    ByNature,

    /// <summary>The same attempt is recognised: by its receipt, by its key, or by what it left behind. Another job does the work again, and should.</summary>
    ByAttempt,
}

/// <summary>How one task is tried: what it is given, and what the world must be like before it.</summary>
internal sealed record CatalogueCase(string Tag)
{
    /// <summary>Tells the cases of one task apart; empty for its first.</summary>
    public string Variant { get; init; } = "";

    /// <summary>YAML lines below the tag; null = the catalogue's own example.</summary>
    public string? Inputs { get; init; }

    /// <summary>Node steps before it, as YAML with the first dash in column 0; their calls count like its own.</summary>
    public string First { get; init; } = "";

    /// <summary>Keys of the step itself, such as <c>retries: 2</c>.</summary>
    public string Step { get; init; } = "";

    public Idempotent Repeat { get; init; } = Idempotent.ByNature;

    public BedOptions Options { get; init; } = new();

    /// <summary>Brings the world into the state that the task is for.</summary>
    public Action<EngineBed> Prepare { get; init; } = _ => { };

    /// <summary>What is prepared was left by a bot whose database is gone; a human has acknowledged that before the run (R13).</summary>
    public bool IsOfAnother { get; init; }

    /// <summary>What people answer, a minute after they were asked.</summary>
    public string? Answer { get; init; }

    /// <summary>Effects that must show up in a clean run, as their kinds; empty only for what changes nothing.</summary>
    public string[] Effects { get; init; } = [];

    public string Name => Variant.Length == 0 ? Tag : $"{Tag} {Variant}";

    public override string ToString() => Name;
}

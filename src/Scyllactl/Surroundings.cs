using Spectre.Console;

namespace Scyllactl;

/// <summary>Everything outside of the program that it looks at or writes to; tests give their own.</summary>
internal sealed record Surroundings
{
    public required TextWriter Out { get; init; }

    public required TextWriter Errors { get; init; }

    public required TextReader In { get; init; }

    /// <summary>A person watches the output and it can be redrawn. Null: lines only.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>A person sits at the input, so they can be asked.</summary>
    public bool CanAsk { get; init; }

    public required Func<string, string?> Variable { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where relative paths begin.</summary>
    public string Folder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where this program lies, and others beside it.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    public static Surroundings OfProcess()
    {
        var isLive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Surroundings
        {
            Out = Console.Out, Errors = Console.Error, In = Console.In,
            Terminal = isLive ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }) : null,
            CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Variable = Environment.GetEnvironmentVariable,
        };
    }
}

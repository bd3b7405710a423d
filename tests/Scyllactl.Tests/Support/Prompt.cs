using Spectre.Console;

namespace Scyllactl.Tests.Support;

/// <summary>A command line as somebody would type it, and what became of it.</summary>
internal sealed record Said(int Code, string Out, string Errors);

/// <summary>Runs the program within the test.</summary>
internal sealed class Prompt(string? socket = null)
{
    /// <summary>What is typed when somebody is asked; null: nobody can be.</summary>
    public string? Typed { get; init; }

    /// <summary>Who is asked instead, and may never answer.</summary>
    public TextReader? In { get; init; }

    public string Folder { get; init; } = Path.GetTempPath();

    public IAnsiConsole? Terminal { get; init; }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public StringWriter Out { get; } = new();

    public StringWriter Errors { get; } = new();

    /// <summary>Somewhere without a bot or files.</summary>
    public static Surroundings Around() => new()
    {
        Out = TextWriter.Null, Errors = TextWriter.Null, In = TextReader.Null, Variable = _ => null, Folder = "/nowhere", ProgramFolder = "/nowhere",
    };

    public Task<Said> SayAsync(params string[] args) => SayAsync(CancellationToken.None, args);

    public async Task<Said> SayAsync(CancellationToken ct, params string[] args)
    {
        if (socket is not null)
        {
            Variables["SCYLLACTL_SOCKET"] = socket;
        }

        var around = new Surroundings
        {
            Out = TextWriter.Synchronized(Out), Errors = TextWriter.Synchronized(Errors), In = In ?? new StringReader(Typed ?? ""),
            CanAsk = (Typed ?? (object?)In) is not null, Terminal = Terminal,
            Variable = name => Variables.GetValueOrDefault(name), Folder = Folder, ProgramFolder = Folder,
        };
        var code = await CommandLine.RunAsync(args, around, ct);
        return new Said(code, Out.ToString(), Errors.ToString());
    }
}

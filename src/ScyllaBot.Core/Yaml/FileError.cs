namespace ScyllaBot.Core.Yaml;

/// <summary>Something wrong in a file that a person wrote.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, in words.</param>
/// <param name="Suggestion">What was probably meant; null when nobody can tell.</param>
public sealed record FileError(string File, int Line, int Column, string Message, string? Suggestion = null)
{
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {Message}{(Suggestion is null ? "" : $"; did you mean {Suggestion}?")}";
}

/// <summary>All the errors of one file, each once, in the order of the file.</summary>
internal sealed class FileErrors(string file)
{
    private const int Max = 100;
    private const int MaxMessage = 500;
    private readonly HashSet<FileError> _errors = [];

    public int Count => _errors.Count;

    public void Add(YamlMark at, string message, string? suggestion = null)
    {
        if (_errors.Count < Max)
        {
            var bounded = Shortened.To(message, MaxMessage)
                + (at.UsedAt > 0 ? $" (in a macro, as line {at.UsedAt.ToString(System.Globalization.CultureInfo.InvariantCulture)} uses it)" : "");
            _errors.Add(new FileError(file, at.Line, at.Column, bounded, suggestion));
        }
    }

    public void Add(IEnumerable<FileError> errors) => _errors.UnionWith(errors);

    public ImmutableArray<FileError> InOrder() =>
        [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column).ThenBy(e => e.Message, StringComparer.Ordinal)];
}

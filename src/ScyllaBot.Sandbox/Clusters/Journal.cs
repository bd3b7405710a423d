using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The machine's journal: lines in order, each with a cursor. It outlasts a reboot, as a persistent one does.</summary>
internal sealed class Journal(SimNode node)
{
    private const int MostLines = 5000;
    private readonly List<(long Number, string Unit, string Text)> _lines = [(1, "kernel", "Linux version 6.1.0")];
    private long _last = 1;

    /// <summary>Each line as it is written: a process that is a real unit prints it, and the real journal keeps it.</summary>
    public Action<string>? Wrote { get; set; }

    public void Add(string unit, string text)
    {
        Wrote?.Invoke(text);
        _lines.Add((++_last, unit, text));
        if (_lines.Count > MostLines)
        {
            _lines.RemoveAt(0);
        }
    }

    /// <summary>A line of the scylla process.</summary>
    public void Scylla(string level, string logger, string text) =>
        Add(ScyllaUnit.Name, $"{level} {node.Cluster.Agenda.Now.UtcDateTime:yyyy-MM-dd HH:mm:ss,fff} [shard 0:main] {logger} - {text}");

    /// <summary>`journalctl`: the options that a control plane needs.</summary>
    public CommandResult Show(IReadOnlyList<string> words)
    {
        string? unit = null;
        var (after, count) = (0L, int.MaxValue);
        var cursor = false;
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-u" when i + 1 < words.Count:
                    unit = MachineUnits.FullName(words[++i]);
                    break;
                case "-n" when i + 1 < words.Count && int.TryParse(words[i + 1], CultureInfo.InvariantCulture, out count):
                    i++;
                    break;
                case "-o" when i + 1 < words.Count:
                    i++;
                    break;
                case "--show-cursor":
                    cursor = true;
                    break;
                case var word when word.StartsWith("--after-cursor=s=", StringComparison.Ordinal)
                    && long.TryParse(word["--after-cursor=s=".Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out after):
                    break;
                case "--no-pager" or "--quiet" or "-q":
                    break;
                default:
                    return new CommandResult(1, $"journalctl: unrecognized option '{words[i]}'");
            }
        }

        var found = _lines.Where(line => line.Number > after && (unit is null || string.Equals(unit, line.Unit, StringComparison.Ordinal)))
            .TakeLast(count).ToArray();
        var text = string.Join('\n', found.Select(line => line.Text));
        return new CommandResult(0, cursor && found.Length > 0 ? $"{text}\n-- cursor: s={found[^1].Number:x}" : text);
    }
}

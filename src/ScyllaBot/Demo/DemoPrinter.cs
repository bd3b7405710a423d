using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Demo;

/// <summary>Prints what happens, as it happens: log lines in the article's form, cards as boxes.</summary>
internal sealed partial class DemoPrinter : ILogSink
{
    private const int Width = 100;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private DateTime _today;

    /// <summary>Every log line so far, as printed.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public void Write(LogLine line)
    {
        lock (_lock)
        {
            _lines.Add(line.ToString());
            _today = line.At.UtcDateTime.Date;
            Console.WriteLine(line);
        }
    }

    public void Say(string text)
    {
        lock (_lock)
        {
            Console.WriteLine();
            Console.WriteLine($"── {text}");
            Console.WriteLine();
        }
    }

    public void Card(DemoMessage message, Func<string, string> nameOf)
    {
        var lines = new List<string>();
        Add(lines, message.Content);
        Add(lines, message.Content.StartsWith(message.Title, StringComparison.Ordinal) ? "" : message.Title);
        Add(lines, message.Description);
        foreach (var (name, value) in message.Fields)
        {
            lines.Add("");
            Add(lines, $"{name}:");
            Add(lines, value);
        }

        if (message.Buttons.Any())
        {
            lines.Add("");
            lines.Add(string.Join("  ", message.Buttons.Select(b => $"[ {b.Label} ]")));
        }

        Add(lines, message.Footer);
        lock (_lock)
        {
            Console.WriteLine();
            Console.WriteLine("  ╭" + new string('─', Width));
            foreach (var line in lines.Select(l => Plain(l, nameOf)).SelectMany(Wrap))
            {
                Console.WriteLine("  │ " + line);
            }

            Console.WriteLine("  ╰" + new string('─', Width));
            Console.WriteLine();
        }
    }

    private static void Add(List<string> lines, string text)
    {
        if (text.Length > 0)
        {
            lines.AddRange(text.Split('\n'));
        }
    }

    private static IEnumerable<string> Wrap(string line)
    {
        while (line.Length > Width - 2)
        {
            var cut = line.LastIndexOf(' ', Width - 2);
            cut = cut < Width / 2 ? Width - 2 : cut;
            yield return line[..cut];
            line = "  " + line[cut..].TrimStart();
        }

        yield return line;
    }

    /// <summary>Discord's markup as a terminal shows it.</summary>
    private string Plain(string text, Func<string, string> nameOf)
    {
        text = Mention().Replace(text, m => $"@{nameOf(m.Groups["id"].Value)}");
        text = Time().Replace(text, m => Moment(DateTimeOffset.FromUnixTimeSeconds(long.Parse(m.Groups["at"].Value, CultureInfo.InvariantCulture))));
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                result.Append(text[++i]);
            }
            else if (text[i] is not ('\u200b' or '`') && !(text[i] == '*' && (i + 1 < text.Length && text[i + 1] == '*' || i > 0 && text[i - 1] == '*')))
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>With its day where that is not the day of the last log line: the sandbox has a time of its own.</summary>
    private string Moment(DateTimeOffset at) =>
        at.ToString(at.UtcDateTime.Date == _today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    [GeneratedRegex("<@&?(?<id>[0-9]+)>", RegexOptions.None, 1000)]
    private static partial Regex Mention();

    [GeneratedRegex("<t:(?<at>[0-9]{1,11})(?::[a-zA-Z])?>", RegexOptions.None, 1000)]
    private static partial Regex Time();
}

using System.Globalization;
using System.Text;

namespace ScyllaBot.Core.Clusters;

/// <summary>
/// Everyone's view as text of fixed width: a row for who looks, a column for who is looked at. Of a large cluster only the rows and columns
/// that say something; the others are counted.
/// </summary>
public static class ViewMatrix
{
    private const int Whole = 9;
    private const int MostColumns = 9;
    private const int MostLength = 950;
    private const int ClockWidth = 6;

    /// <summary>A longer line is broken by a chat's window.</summary>
    private const int MostWidth = 76;

    /// <param name="snapshot">The view.</param>
    /// <param name="held">Nodes that a job holds: marked, and always shown.</param>
    /// <returns>At most 950 characters; <c>+</c> sees it up, <c>-</c> sees it down, <c>?</c> does not tell, <c>.</c> itself.</returns>
    public static string Of(ClusterSnapshot snapshot, ImmutableSortedSet<string> held)
    {
        ImmutableArray<NodeView> all = [.. snapshot.Members];
        var plain = all.Length <= Whole;
        var columns = all.Where(v => plain || StandsOut(snapshot, v, held)).Take(MostColumns).ToArray();
        var rows = all.Where(v => plain || columns.Contains(v) || Disagrees(snapshot, v)).ToArray();
        var names = ViewNames.Of([.. all.Select(v => v.Node.Name)]);
        var width = Math.Max(rows.Select(r => names[r.Node.Name].Length).DefaultIfEmpty(0).Max(), ClockWidth);
        var numbers = all.Select((v, i) => (v.Node.Name, Number: i + 1)).ToDictionary(x => x.Name, x => x.Number, StringComparer.Ordinal);
        var (common, head) = ($"names: {names.Common}…", Head(snapshot, columns, width, numbers));
        var isBeside = names.Common.Length > 0 && head.Length + common.Length + 2 <= MostWidth;
        var text = new StringBuilder(head).Append(isBeside ? $"  {common}" : "");
        var rest = isBeside || names.Common.Length == 0 ? "" : $"\n{common}";
        var shown = 0;
        foreach (var row in rows)
        {
            var line = Row(row, columns, names[row.Node.Name].PadRight(width), numbers[row.Node.Name], held.Contains(row.Node.Name));
            if (text.Length + line.Length + rest.Length + 110 > MostLength)
            {
                break;
            }

            text.Append('\n').Append(line);
            shown++;
        }

        return text.Append(rest).Append(Rest(rows.Length - shown, all.Length - rows.Length)).ToString();
    }

    private static string Head(ClusterSnapshot snapshot, NodeView[] columns, int width, Dictionary<string, int> numbers)
    {
        var at = snapshot.At.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{at.PadRight(width + 4)}{Cells(columns.Select(c => $"{numbers[c.Node.Name]}"))} mode     cql schema up";
    }

    private static string Row(NodeView row, NodeView[] columns, string name, int number, bool isHeld)
    {
        var cells = Cells(columns.Select(c => c == row ? "." : row.SeesDown(c.Node) ? "-" : row.Sees(c.Node) ? "+" : row.Live is null ? "?" : "-"));
        var cql = row.Cql switch { true => "on", false => "off", null => "?" };
        return string.Create(CultureInfo.InvariantCulture,
            $"{number,2}{(isHeld ? '*' : ' ')}{name} {cells} {row.Mode ?? "?",-8} {cql,-3} {Schema(row),-6} {Up(row)}").TrimEnd();
    }

    private static string Cells(IEnumerable<string> cells) => string.Concat(cells.Select(c => c.PadLeft(3)));

    private static string Rest(int cut, int quiet)
    {
        var rest = (cut > 0 ? $"\n… {cut} more rows" : "") + (quiet > 0 ? $"\n{quiet} others serve and see everyone up" : "");
        return rest + "\n+ up, - down, ? does not tell, * held by the job";
    }

    /// <summary>Somebody does not see it up, or it does not serve.</summary>
    private static bool StandsOut(ClusterSnapshot snapshot, NodeView view, ImmutableSortedSet<string> held) =>
        held.Contains(view.Node.Name) || !view.Serves || snapshot.Members.Any(v => v.Live is not null && v != view && !v.Sees(view.Node));

    private static bool Disagrees(ClusterSnapshot snapshot, NodeView view) =>
        !view.Serves || snapshot.Members.Any(v => v != view && !view.Sees(v.Node)) || view.Joining is { Length: > 0 } || view.Leaving is { Length: > 0 };

    /// <summary>The first letters of its schema version; with a mark when it sees several.</summary>
    private static string Schema(NodeView view)
    {
        if (view.Schemas is not { Count: > 0 } schemas)
        {
            return "?";
        }

        var own = schemas.Where(s => s.Value.Contains(view.Node.Address, StringComparer.Ordinal)).Select(s => s.Key).FirstOrDefault() ?? schemas.Keys.First();
        return own[..Math.Min(4, own.Length)] + (schemas.Count > 1 ? "!" : "");
    }

    private static string Up(NodeView view) => view.Uptime switch
    {
        null => "?",
        { TotalSeconds: < 120 } t => $"{t.TotalSeconds:0}s",
        { TotalMinutes: < 120 } t => $"{t.TotalMinutes:0}m",
        { TotalHours: < 72 } t => $"{t.TotalHours:0}h",
        { } t => $"{t.TotalDays:0}d",
    };
}

namespace Scyllactl.Show;

/// <summary>A table as lines of text: the same on a terminal and in a pipe, so that what was seen can be grepped.</summary>
internal static class Columns
{
    private const int Between = 2;

    /// <param name="head">Upper case by custom.</param>
    /// <param name="rows">As many cells as the head has; cleaned here.</param>
    public static IEnumerable<string> Of(string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows.Select(r => r.Select(c => Clean.Line(c)).ToArray())];
        var widths = Enumerable.Range(0, head.Length).Select(i => all.Max(r => r[i].Length)).ToArray();
        return all.Select(r => string.Concat(r.Select((cell, i) => cell.PadRight(widths[i] + Between))).TrimEnd());
    }
}

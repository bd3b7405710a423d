using System.Globalization;
using System.Text.RegularExpressions;

namespace Scyllactl.Tests.Support;

/// <summary>What stands on a terminal of so many columns after somebody wrote to it: it wraps late, as terminals do, and keeps what nobody takes away.</summary>
internal sealed class SmallTerminal(int width)
{
    private static readonly Regex Escape = new(@"\G\u001b\[\??(?<n>\d*)(;\d*)*(?<what>[A-Za-z])", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
    private readonly List<char[]> _rows = [];
    private int _row;
    private int _column;

    /// <summary>From the top, without blanks at the right.</summary>
    public string[] Rows => [.. _rows.Select(r => new string(r).TrimEnd())];

    public void Write(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (Escape.Match(text, at) is { Success: true } escape)
            {
                Obey(escape.Groups["what"].Value[0], escape.Groups["n"].Value is { Length: > 0 } n ? int.Parse(n, CultureInfo.InvariantCulture) : null);
                at += escape.Length - 1;
                continue;
            }

            Put(text[at]);
        }
    }

    private void Put(char c)
    {
        switch (c)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                (_row, _column) = (_row + 1, 0);
                break;
            default:
                (_row, _column) = _column == width ? (_row + 1, 0) : (_row, _column);
                Row(_row)[_column++] = c;
                break;
        }
    }

    private void Obey(char what, int? n)
    {
        switch (what)
        {
            case 'A':
                _row = Math.Max(0, _row - (n ?? 1));
                break;
            case 'J' when n is null or 0:
                Row(_row).AsSpan(Math.Min(_column, width - 1)).Fill(' ');
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case 'K' when n is 2:
                Row(_row).AsSpan().Fill(' ');
                break;
            case 'm' or 'l' or 'h':
                break;
            default:
                throw new NotSupportedException($"{what}({n})");
        }
    }

    private char[] Row(int at)
    {
        while (_rows.Count <= at)
        {
            _rows.Add([.. Enumerable.Repeat(' ', width)]);
        }

        return _rows[at];
    }
}

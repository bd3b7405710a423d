using System.CommandLine;
using Spectre.Console;

namespace Scyllactl.Show;

/// <summary>Where lines go: coloured on a terminal, plain elsewhere.</summary>
internal static class Paper
{
    public static void Write(Surroundings around, TextWriter output, IEnumerable<ToneLine> lines, ParseResult parsed)
    {
        foreach (var line in lines)
        {
            if (around.Terminal is { } terminal && !parsed.GetValue(Shared.NoLive))
            {
                terminal.Write(new Rows(line.Styled()));
            }
            else
            {
                output.WriteLine(line.Text);
            }
        }
    }

    public static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }
}

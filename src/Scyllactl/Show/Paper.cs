using System.CommandLine;
using Spectre.Console;

namespace Scyllactl.Show;

/// <summary>Where lines go: coloured on a terminal, plain elsewhere.</summary>
internal static class Paper
{
    /// <summary>What a verb found, as its answer: all of it for programs, lines for people.</summary>
    /// <returns>The verb's exit code.</returns>
    public static async Task<int> AnswerAsync<T>(Surroundings around, ParseResult parsed, T found, Func<IEnumerable<string>> lines, int code = ExitCodes.Done)
    {
        if (parsed.WantsJson())
        {
            await Json.WriteAsync(around.Out, found);
        }
        else
        {
            Write(around.Out, lines());
        }

        return code;
    }

    /// <summary>The same, for what has colours.</summary>
    public static async Task<int> PictureAsync<T>(Surroundings around, ParseResult parsed, T found, Func<IEnumerable<ToneLine>> lines, int code = ExitCodes.Done)
    {
        if (parsed.WantsJson())
        {
            await Json.WriteAsync(around.Out, found);
        }
        else
        {
            Write(around, around.Out, lines(), parsed);
        }

        return code;
    }

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

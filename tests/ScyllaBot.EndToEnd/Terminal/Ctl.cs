using System.Text.Json;
using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>scyllactl as somebody's shell runs it.</summary>
internal sealed class Ctl(HostUnderTest host, string folder)
{
    /// <summary>Types lines into a shell that knows <c>scyllactl</c>; nobody sits at its input.</summary>
    public async Task<(int Code, string Out, string Errors)> ShellAsync(string lines)
    {
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.sh");
        await File.WriteAllTextAsync(file, $"{Function}\n{lines}\n");
        await using var shell = BuiltProgram.Start(["bash", file], folder, [("SCYLLACTL_SOCKET", host.Socket)]);
        var code = await shell.ExitAsync(Patience.Job);
        return (code, shell.Output, shell.Errors);
    }

    public async Task<JsonElement> JsonAsync(string verb)
    {
        var (code, output, errors) = await ShellAsync($"scyllactl {verb} --output json");
        Assert.True(code == 0, $"scyllactl {verb} ended with {code}: {errors}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    /// <summary>The program by its name, as the article calls it.</summary>
    public static string Function => $"scyllactl() {{ {string.Join(' ', BuiltProgram.CommandOf("scyllactl").Select(w => $"'{w}'"))} \"$@\"; }}";
}

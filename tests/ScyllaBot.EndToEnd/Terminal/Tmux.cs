using ScyllaBot.EndToEnd.Support;

namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>A tmux server of its own with one terminal: what is typed there and what is seen.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly string _name = $"scyllabot-{Environment.ProcessId}-{Guid.NewGuid():N}"[..32];
    private readonly string _folder;

    private Tmux(string folder) => _folder = folder;

    public static async Task<Tmux> StartAsync(string folder, string socket)
    {
        var tmux = new Tmux(folder);
        var profile = Path.Combine(folder, $"{tmux._name}.rc");
        await File.WriteAllTextAsync(profile, $"PS1='$ '\nexport SCYLLACTL_SOCKET='{socket}'\n{Ctl.Function}\n");
        await tmux.DoAsync("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", "bash", "--noprofile", "--rcfile", profile, "-i");
        return tmux;
    }

    /// <summary>Types a line and presses Enter.</summary>
    public Task TypeAsync(string line) => DoAsync("send-keys", line, "Enter");

    /// <summary>Such as <c>C-c</c>.</summary>
    public Task PressAsync(string key) => DoAsync("send-keys", key);

    /// <summary>What is on the screen now.</summary>
    public Task<string> ScreenAsync() => DoAsync("capture-pane", "-p");

    /// <returns>The first screen that has it.</returns>
    public async Task<string> SeesAsync(string what, TimeSpan patience)
    {
        var last = "";
        try
        {
            return await Eventually.GetAsync(async () => (last = await ScreenAsync()).Contains(what, StringComparison.Ordinal) ? last : null, $"\"{what}\" on the terminal", patience, TimeSpan.FromMilliseconds(150));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it shows:\n{last}", late);
        }
    }

    /// <summary>Somebody closes the window, the laptop, everything.</summary>
    public Task KillAsync() => DoAsync("kill-server");

    public async ValueTask DisposeAsync()
    {
        await using var ended = BuiltProgram.Start(["tmux", "-L", _name, "kill-server"], _folder, []);
        await ended.ExitAsync(Patience.Answer);
    }

    private async Task<string> DoAsync(params string[] arguments)
    {
        await using var tmux = BuiltProgram.Start(["tmux", "-L", _name, .. arguments], _folder, [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")]);
        var code = await tmux.ExitAsync(Patience.Answer);
        return code == 0 ? tmux.Output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)} ended with {code}: {tmux.Errors}");
    }
}

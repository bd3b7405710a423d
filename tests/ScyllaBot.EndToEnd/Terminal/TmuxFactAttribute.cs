namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>A test in a real terminal; skipped with the reason where there is no tmux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmuxFactAttribute : FactAttribute
{
    public TmuxFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(f => File.Exists(Path.Combine(f, "tmux"))))
        {
            Skip = "no terminal here: tmux is not installed";
        }
    }
}

namespace ScyllaBot.EndToEnd.Browser;

/// <summary>A test in a real browser; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
        {
            Skip = $"no browser at {Chromium}: apt-get install chromium";
        }
    }
}

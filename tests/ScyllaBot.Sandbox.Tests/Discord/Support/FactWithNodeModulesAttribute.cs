namespace ScyllaBot.Sandbox.Tests.Discord.Support;

/// <summary>A fact that needs discord.js: skipped, with the reason, where <c>npm ci</c> was not run in tests/discord-js.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithNodeModulesAttribute : FactAttribute
{
    public FactWithNodeModulesAttribute()
    {
        if (!Directory.Exists(Path.Combine(Folder(), "node_modules", "discord.js")))
        {
            Skip = "discord.js is not installed: run `npm ci` in tests/discord-js (node 18 or later).";
        }
    }

    /// <summary>tests/discord-js of the source tree, found from the test's own folder upwards.</summary>
    public static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ScyllaBot.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "tests", "discord-js");
    }
}

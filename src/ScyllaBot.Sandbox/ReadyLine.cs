using System.Text.Json;

namespace ScyllaBot.Sandbox;

/// <summary>The one line on standard output that says where everything is; the same text goes into the ready file.</summary>
internal static class ReadyLine
{
    /// <summary>The bot token the emulator takes (SANDBOX.md): a constant of the sandbox, no secret.</summary>
    private const string BotToken = "sandbox.token.1";

    public static void Write(string url, string? readyFile)
    {
        var line = JsonSerializer.Serialize(new
        {
            page = url,
            discord_api = url + "/api",
            inventory = url + "/sandbox/inventory",
            clock = url + "/sandbox/clock",
            token = BotToken,
        });
        if (readyFile is not null)
        {
            // Renamed into place: whoever waits for the file never reads half of it.
            var partial = $"{readyFile}.{Environment.ProcessId}.part";
            File.WriteAllText(partial, line + "\n");
            File.Move(partial, readyFile, overwrite: true);
        }

        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}

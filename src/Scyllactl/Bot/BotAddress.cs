using System.CommandLine;
using ScyllaBot.Core.Control;

namespace Scyllactl.Bot;

/// <summary>Where a bot may be reached: sockets in the order they are tried, or one loopback address with a token.</summary>
internal sealed record BotAddress(IReadOnlyList<string> Sockets, Uri? Url, string? Token)
{
    private const int LongestToken = 4096;

    /// <summary>What was named counts alone; otherwise the usual places, of which the first that answers is taken.</summary>
    /// <exception cref="StopException">It can not be meant.</exception>
    public static BotAddress Of(ParseResult parsed, Surroundings around)
    {
        var (socket, url) = (parsed.GetValue(Shared.Socket), parsed.GetValue(Shared.Url));
        if (socket is not null && url is not null)
        {
            throw new StopException(ExitCodes.Refused, "Give --socket or --url, not both.");
        }

        if (socket is null && url is null)
        {
            (socket, url) = (around.Variable("SCYLLACTL_SOCKET"), around.Variable("SCYLLACTL_URL"));
        }

        return socket is { Length: > 0 } ? new BotAddress([Path.GetFullPath(socket, around.Folder)], null, null)
            : url is { Length: > 0 } ? OfUrl(url, parsed.GetValue(Shared.TokenFile) ?? around.Variable("SCYLLACTL_TOKEN_FILE"), around)
            : new BotAddress([.. Usual(around)], null, null);
    }

    /// <summary>Documented in docs/scyllactl.md, in this order.</summary>
    private static IEnumerable<string> Usual(Surroundings around)
    {
        const string name = ControlRoutes.SocketName;
        if (around.Variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
        {
            yield return Path.Combine(runtime, "scyllabot", name);
        }

        // Before the folder's: in one where others may write, anybody could answer.
        yield return Path.Combine("/run/scyllabot", name);
        yield return Path.Combine("/var/lib/scyllabot", name);
        var state = Path.Combine(around.Folder, "state");
        yield return Path.Combine(state, name);

        // A sandbox has a folder of its own below the state's; the youngest is the one that was just started.
        if (Directory.Exists(state))
        {
            foreach (var sandbox in new DirectoryInfo(state).EnumerateDirectories("sandbox*").OrderByDescending(d => d.LastWriteTimeUtc))
            {
                yield return Path.Combine(sandbox.FullName, name);
            }
        }
    }

    private static BotAddress OfUrl(string url, string? tokenFile, Surroundings around)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new StopException(ExitCodes.Refused, $"--url {Show.Clean.Quoted(url)} is no http address.");
        }

        if (tokenFile is null)
        {
            throw new StopException(ExitCodes.Refused, "--url needs --token-file: over TCP the bot knows nobody without a token.");
        }

        var file = new FileInfo(Path.GetFullPath(tokenFile, around.Folder));
        return !file.Exists || file.Length > LongestToken
            ? throw new StopException(ExitCodes.Refused, $"{tokenFile} holds no token: {(file.Exists ? "it is too long" : "there is no such file")}.")
            : new BotAddress([], uri, TokenIn(File.ReadAllText(file.FullName)));
    }

    // The bot's own file has the user before the token; somebody's copy of their line does as well.
    private static string TokenIn(string text) =>
        text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && !l.StartsWith('#'))?.Split(' ', '\t')[^1] ?? "";
}

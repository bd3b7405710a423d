using System.CommandLine;

namespace Scyllactl;

/// <summary>Options that every verb takes, and such as several take alike.</summary>
internal static class Shared
{
    public static Option<string> Output { get; } = Make(new Option<string>("--output", "-o")
    {
        Description = "text for people, json for programs (watching prints one JSON line per event)", DefaultValueFactory = _ => "text", Recursive = true, HelpName = "text|json",
    });

    public static Option<string?> Socket { get; } = new("--socket")
    {
        Description = "The bot's Unix socket; also SCYLLACTL_SOCKET", Recursive = true, HelpName = "PATH",
    };

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = "The bot's loopback address instead of a socket; also SCYLLACTL_URL", Recursive = true, HelpName = "http://127.0.0.1:PORT",
    };

    public static Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the token that goes with --url; also SCYLLACTL_TOKEN_FILE", Recursive = true, HelpName = "FILE",
    };

    public static Option<bool> NoLive { get; } = new("--no-live")
    {
        Description = "Lines only, also on a terminal", Recursive = true,
    };

    /// <summary>Where nobody has to say why.</summary>
    public static Option<string> Reason { get; } = new("--reason", "-r")
    {
        Description = "Why; stands in the record", DefaultValueFactory = _ => "", HelpName = "TEXT",
    };

    /// <summary>Tab asks the bot for its clusters.</summary>
    public static Option<string> Cluster(Surroundings around, string description, bool required = false)
    {
        var cluster = new Option<string>("--cluster", "-c") { Description = description, Required = required, HelpName = "NAME" };
        cluster.CompletionSources.Add(c => Known.Clusters(c, around));
        return cluster;
    }

    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(Output) == "json";

    private static Option<string> Make(Option<string> option) => option.AcceptOnlyFromAmong("text", "json");
}

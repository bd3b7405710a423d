using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox;

/// <summary>What `all` runs.</summary>
internal sealed record SandboxOptions(
    IPEndPoint Listen,
    double Speed,
    long Seed,
    DateTimeOffset Epoch,
    string? ReadyFile,
    int? ExitWith)
{
    /// <summary>Names of further clusters, each made like messages-stg.</summary>
    public ImmutableArray<string> With { get; init; } = [];
}

/// <summary>Reads the command line; says what is wrong in a sentence.</summary>
internal static class CommandLine
{
    private const int MostFurther = 4;

    public const string Usage =
        """
        ScyllaBot.Sandbox all  [--listen 127.0.0.1:0] [--speed 30] [--seed 1] [--epoch 2026-01-28T18:29:00Z]
                               [--ready-file PATH] [--exit-with PID] [--with CLUSTER[,CLUSTER]]
        ScyllaBot.Sandbox node --name N --members FILE --config scylla.yaml --state DIR --version-file FILE
                               [--cluster bed] [--speed 6] [--seed 1]
        """;

    private static readonly string[] _common = ["listen", "speed", "seed", "epoch", "ready-file", "exit-with", "with"];
    private static readonly string[] _node = ["name", "members", "config", "state", "version-file", "cluster", "speed", "seed"];

    /// <summary>The command line of `all`.</summary>
    public static SandboxOptions? Parse(string[] args, out string error) =>
        args is not ["all", ..] ? Refuse<SandboxOptions>("The first word must be all or node.", out error)
        : Pairs(args, _common, out error) is { } values ? Build(values, out error) : null;

    /// <summary>The command line of `node`; members and version are read from their files.</summary>
    public static PeerOptions? ParseNode(string[] args, out string error)
    {
        if (Pairs(args, _node, out error) is not { } values)
        {
            return null;
        }

        if (Array.Find(["name", "members", "config", "state", "version-file"], name => !values.ContainsKey(name)) is { } missing)
        {
            return Refuse<PeerOptions>($"node needs --{missing}.", out error);
        }

        if (Array.Find([values["members"], values["config"], values["version-file"]], file => !File.Exists(file)) is { } lost)
        {
            return Refuse<PeerOptions>($"There is no file {lost}.", out error);
        }

        var (members, wrong) = Member.Read(File.ReadAllText(values["members"]));
        if (wrong is not null)
        {
            return Refuse<PeerOptions>(wrong, out error);
        }

        if (!members.Any(member => string.Equals(member.Name, values["name"], StringComparison.Ordinal)))
        {
            return Refuse<PeerOptions>($"--members does not name {values["name"]}.", out error);
        }

        return TrySpeed(values.GetValueOrDefault("speed", "6"), out var speed) is { } bad
            ? Refuse<PeerOptions>(bad, out error)
            : TrySeed(values.GetValueOrDefault("seed", "1"), out var seed) is { } worse
            ? Refuse<PeerOptions>(worse, out error)
            : new PeerOptions(values["name"], values.GetValueOrDefault("cluster", "bed"), members)
            {
                Config = values["config"], State = values["state"], Version = File.ReadAllText(values["version-file"]).Trim(), Pace = speed, Seed = seed,
            };
    }

    private static Dictionary<string, string>? Pairs(string[] args, string[] known, out string error)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Length; i += 2)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                return Refuse<Dictionary<string, string>>($"Unknown option {args[i]}.", out error);
            }

            if (i + 1 == args.Length)
            {
                return Refuse<Dictionary<string, string>>($"{args[i]} needs a value.", out error);
            }

            values[name] = args[i + 1];
        }

        error = "";
        return values;
    }

    private static SandboxOptions? Build(Dictionary<string, string> values, out string error)
    {
        string Value(string name, string fallback) => values.GetValueOrDefault(name, fallback);
        if (!IPEndPoint.TryParse(Value("listen", "127.0.0.1:0"), out var listen) || !IPAddress.IsLoopback(listen.Address))
        {
            return Refuse<SandboxOptions>("--listen must be a loopback address and a port: the sandbox has no authentication.", out error);
        }

        if ((TrySpeed(Value("speed", "30"), out var speed) ?? TrySeed(Value("seed", "1"), out _)) is { } bad)
        {
            return Refuse<SandboxOptions>(bad, out error);
        }

        if (!DateTimeOffset.TryParse(
            Value("epoch", "2026-01-28T18:29:00Z"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var epoch))
        {
            return Refuse<SandboxOptions>("--epoch must be an ISO 8601 time.", out error);
        }

        if (values.TryGetValue("exit-with", out var pid) & !int.TryParse(pid ?? "0", CultureInfo.InvariantCulture, out var parent))
        {
            return Refuse<SandboxOptions>("--exit-with must be a process id.", out error);
        }

        string[] with = Value("with", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (with.Length > MostFurther || with.Any(name => name.Length > 40 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
        {
            return Refuse<SandboxOptions>($"--with takes at most {MostFurther} names of clusters such as messages-prd.", out error);
        }

        error = "";
        _ = TrySeed(Value("seed", "1"), out var seed);
        return new SandboxOptions(listen, speed, seed, epoch, values.GetValueOrDefault("ready-file"), pid is null ? null : parent) { With = [.. with] };
    }

    /// <returns>What is wrong with it, or null.</returns>
    private static string? TrySpeed(string text, out double speed) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out speed) && speed is >= 0.1 and <= 1000 ? null : "--speed must be 0.1 to 1000.";

    private static string? TrySeed(string text, out long seed) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out seed) ? null : "--seed must be a whole number.";

    private static T? Refuse<T>(string why, out string error)
        where T : class
    {
        error = why;
        return null;
    }
}

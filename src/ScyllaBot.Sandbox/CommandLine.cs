using System.Globalization;
using System.Net;

namespace ScyllaBot.Sandbox;

/// <summary>What to run. <see cref="Node"/> is set for `node` mode.</summary>
internal sealed record SandboxOptions(
    IPEndPoint Listen,
    double Speed,
    long Seed,
    DateTimeOffset Epoch,
    string? ReadyFile,
    int? ExitWith,
    LoneNode? Node);

/// <summary>The one node of `node` mode.</summary>
internal sealed record LoneNode(string Name, string Cluster, string Address, string Dc, string Rack, int RestPort, int MetricsPort);

/// <summary>Reads the command line; says what is wrong in a sentence.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        ScyllaBot.Sandbox all  [--listen 127.0.0.1:0] [--speed 30] [--seed 1] [--epoch 2026-01-28T18:29:00Z]
                               [--ready-file PATH] [--exit-with PID]
        ScyllaBot.Sandbox node --name N [--rest-port 0] [--metrics-port 0] [--cluster C] [--address 127.0.0.1]
                               [--dc us-east1] [--rack b], and what all takes
        """;

    private static readonly string[] _common = ["listen", "speed", "seed", "epoch", "ready-file", "exit-with"];
    private static readonly string[] _node = ["name", "rest-port", "metrics-port", "cluster", "address", "dc", "rack"];

    public static SandboxOptions? Parse(string[] args, out string error)
    {
        error = "";
        if (args is not ["all" or "node", ..])
        {
            error = "The first word must be all or node.";
            return null;
        }

        var lone = args[0] is "node";
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < args.Length; i += 2)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!_common.Contains(name, StringComparer.Ordinal) && !(lone && _node.Contains(name, StringComparer.Ordinal)))
            {
                error = $"Unknown option {args[i]}.";
                return null;
            }

            if (i + 1 == args.Length)
            {
                error = $"{args[i]} needs a value.";
                return null;
            }

            values[name] = args[i + 1];
        }

        return Build(values, lone, out error);
    }

    private static SandboxOptions? Build(Dictionary<string, string> values, bool lone, out string error)
    {
        string Value(string name, string fallback) => values.GetValueOrDefault(name, fallback);
        if (!IPEndPoint.TryParse(Value("listen", "127.0.0.1:0"), out var listen) || !IPAddress.IsLoopback(listen.Address))
        {
            error = "--listen must be a loopback address and a port: the sandbox has no authentication.";
        }
        else if (!double.TryParse(Value("speed", "30"), CultureInfo.InvariantCulture, out var speed) || speed is not (>= 0.1 and <= 1000))
        {
            error = "--speed must be 0.1 to 1000.";
        }
        else if (!long.TryParse(Value("seed", "1"), CultureInfo.InvariantCulture, out var seed))
        {
            error = "--seed must be a whole number.";
        }
        else if (!DateTimeOffset.TryParse(
            Value("epoch", "2026-01-28T18:29:00Z"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var epoch))
        {
            error = "--epoch must be an ISO 8601 time.";
        }
        else if (!TryPort(Value("rest-port", "0"), out var rest) || !TryPort(Value("metrics-port", "0"), out var metrics))
        {
            error = "Ports are 0 to 65535.";
        }
        else if (values.TryGetValue("exit-with", out var pid) & !int.TryParse(pid ?? "0", CultureInfo.InvariantCulture, out var parent))
        {
            error = "--exit-with must be a process id.";
        }
        else if (lone && !values.ContainsKey("name"))
        {
            error = "node needs --name.";
        }
        else
        {
            error = "";
            var node = !lone ? null : new LoneNode(
                values["name"],
                Value("cluster", "lone"),
                Value("address", "127.0.0.1"),
                Value("dc", "us-east1"),
                Value("rack", "b"),
                rest,
                metrics);
            var readyFile = values.GetValueOrDefault("ready-file");
            return new SandboxOptions(listen, speed, seed, epoch, readyFile, pid is null ? null : parent, node);
        }

        return null;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65_535;
}

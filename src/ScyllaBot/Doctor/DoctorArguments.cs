namespace ScyllaBot.Doctor;

/// <summary>What <c>ScyllaBot doctor</c> was asked.</summary>
internal sealed record DoctorArguments
{
    public const string Usage = """
        ScyllaBot doctor: looks whether everything is as the bot needs it, and says what to do where it is not. It changes nothing.

          doctor [options]           configuration, state, workflows, Discord, inventory, and every cluster and node
          doctor --print-sudoers     what the enabled workflows need of sudo on the nodes, as a file for /etc/sudoers.d

        Options:
          --cluster NAME       look at this cluster only
          --output json        for programs: findings with check, level (ok, warning, broken, skipped), cluster, node, seen, remedy
          --state DIR          as given to the bot
          --workflows DIR      as given to the bot

        Exit codes: 0 nothing is broken (there may be warnings), 1 something is, 2 wrong arguments.
        """;

    public string? Cluster { get; init; }

    public bool IsJson { get; init; }

    public bool PrintSudoers { get; init; }

    /// <summary>State and workflows, as the bot takes them.</summary>
    public HostArguments Host { get; init; } = new();

    /// <returns>The arguments, or what is wrong with them. Both null: help is asked for.</returns>
    public static (DoctorArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        if (args.Any(a => a is "--help" or "-h" or "help"))
        {
            return (null, null);
        }

        var parsed = new DoctorArguments();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (name == "--print-sudoers")
            {
                parsed = parsed with { PrintSudoers = true };
            }
            else if (i + 1 == args.Count)
            {
                return (null, name is "--cluster" or "--output" or "--state" or "--workflows" ? $"{name} needs a value" : $"unknown argument {name}");
            }
            else if (parsed.With(name, args[++i]) is { } next)
            {
                parsed = next;
            }
            else
            {
                return (null, name == "--output" ? $"--output: {args[i]} is unknown; there are text and json" : $"unknown argument {name}");
            }
        }

        return (parsed, null);
    }

    private DoctorArguments? With(string name, string value) => (name, value) switch
    {
        ("--cluster", _) => this with { Cluster = value },
        ("--output", "text" or "json") => this with { IsJson = value == "json" },
        ("--state", _) => this with { Host = Host with { State = value } },
        ("--workflows", _) => this with { Host = Host with { Workflows = value } },
        _ => null,
    };
}

using System.Globalization;

namespace ScyllaBot;

/// <summary>What the host was asked to do on its command line. Secrets never come this way.</summary>
internal sealed record HostArguments
{
    public const string Usage = """
        ScyllaBot: run ScyllaDB clusters safely from chat.

          ScyllaBot [options]        run the bot: on the configured inventory, or without one and without a token in its own sandbox
          ScyllaBot inventory …      make or check the file of clusters (inventory --help)
          ScyllaBot nodes …          check or install the script on the nodes (nodes --help)
          ScyllaBot doctor …         look whether everything is as the bot needs it, and what to do where not (doctor --help)
          ScyllaBot health [--ready] ask the bot that runs with the same settings whether it is well; for containers and probes
          ScyllaBot sandbox all …    run the sandbox alone, for several bots or to try crashes (sandbox prints its options)
          ScyllaBot demo [options]   play a rolling restart with approval, a fault, a halt, a retry and the finish

        Options:
          --sandbox            use the sandbox even if a token is configured
          --sandbox-url URL    attach to a sandbox that already runs (its page's address)
          --state DIR          where the job database lives (default: state)
          --workflows DIR      where workflows are read from (default: workflows)
          --speed N            how many times faster than the clock the sandbox runs (0.1 to 1000; default 30, demo 60)
          --seed N             the sandbox's random choices (default 1)
          --break quorum       demo only: plant a fault in our own judgement; the oracle must notice and the demo must fail
          --help               this text

        Exit codes: 0 done, 1 the demo failed or the bot died, 2 wrong arguments or configuration, 3 the database was refused,
        4 the demo was stuck and showed nothing: the machine is too slow for its speed (try --speed 15), 130 somebody stopped the demo.
        Everything else is configured in appsettings.json or by environment variables such as ScyllaBot__Discord__Token.
        """;

    public bool Demo { get; init; }

    public bool Help { get; init; }

    public bool Sandbox { get; init; }

    public Uri? SandboxUrl { get; init; }

    public string? State { get; init; }

    public string? Workflows { get; init; }

    public double? Speed { get; init; }

    public long? Seed { get; init; }

    public bool BreakQuorum { get; init; }

    /// <returns>The arguments, or what is wrong with them.</returns>
    public static (HostArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        var parsed = new HostArguments();
        for (var i = 0; i < args.Count; i++)
        {
            string? value = null;
            var name = args[i];
            if (name is "--sandbox-url" or "--state" or "--workflows" or "--speed" or "--seed" or "--break")
            {
                if (++i == args.Count)
                {
                    return (null, $"{name} needs a value");
                }

                value = args[i];
            }

            var (next, error) = With(parsed, name, value);
            if (next is null)
            {
                return (null, error);
            }

            parsed = next;
        }

        return parsed is { BreakQuorum: true, Demo: false } ? (null, "--break goes with demo") : (parsed, null);
    }

    private static (HostArguments? Arguments, string? Error) With(HostArguments a, string name, string? value) => name switch
    {
        "demo" => (a with { Demo = true }, null),
        "--help" or "-h" or "help" => (a with { Help = true }, null),
        "--sandbox" => (a with { Sandbox = true }, null),
        "--sandbox-url" => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.IsLoopback
            ? (a with { SandboxUrl = url, Sandbox = true }, null) : (null, $"--sandbox-url: {value} is not a loopback address"),
        "--state" => (a with { State = value }, null),
        "--workflows" => (a with { Workflows = value }, null),
        "--speed" => double.TryParse(value, CultureInfo.InvariantCulture, out var speed) && speed is >= 0.1 and <= 1000
            ? (a with { Speed = speed }, null) : (null, $"--speed: {value} is not a number from 0.1 to 1000"),
        "--seed" => long.TryParse(value, CultureInfo.InvariantCulture, out var seed)
            ? (a with { Seed = seed }, null) : (null, $"--seed: {value} is not a whole number"),
        "--break" => value == "quorum" ? (a with { BreakQuorum = true }, null) : (null, $"--break: {value} is unknown; there is: quorum"),
        _ => (null, $"unknown argument {name}"),
    };
}

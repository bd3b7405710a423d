using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Demo;
using ScyllaBot.Discord;
using ScyllaBot.Doctor;
using ScyllaBot.Real;
using ScyllaBot.Sandbox;
using ScyllaBot.Transports;

namespace ScyllaBot;

internal static class Program
{
    public static Task<int> Main(string[] args) => BotExit.OfAsync(() => RunAsync(args), Console.Error);

    private static Task<int> RunAsync(string[] args) => args switch
    {
        ["inventory", .. var words] => InventoryAsync(words),
        ["nodes", .. var words] => NodesAsync(words),
        [SandboxProcess.ProgramName, .. var words] => SandboxProgram.Main(words),
        ["health", .. var words] => HealthCommand.RunAsync(words, Console.Out, Console.Error),
        ["doctor", .. var words] => new DoctorCommand(Console.Out, Console.Error).RunAsync(words, CancellationToken.None),
        _ => BotAsync(args),
    };

    private static async Task<int> BotAsync(string[] args)
    {
        var (arguments, error) = HostArguments.Parse(args);
        if (arguments is null || arguments.Help)
        {
            await (error is null ? Console.Out : Console.Error).WriteLineAsync(error is null ? HostArguments.Usage : $"{error}. --help explains.");
            return error is null ? 0 : BotExit.Refused;
        }

        var configuration = StartChecks.Configuration();
        await using var logs = Logging.Create(configuration, console: !arguments.Demo);
        try
        {
            return arguments.Demo ? await DemoRun.RunAsync(arguments, configuration, logs) : await ServeAsync(arguments, configuration, logs);
        }
        catch (Exception died) when (BotExit.IsDeath(died))
        {
            logs.Fatal(died, "ScyllaBot died");
            throw;
        }
    }

    private static async Task<int> ServeAsync(HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs)
    {
        await using var bot = await BotHost.StartAsync(arguments, configuration, logs, Judgement.Sound, null, CancellationToken.None);
        Console.WriteLine(bot.World.Sandbox is { } sandbox ? Welcome(sandbox, bot.ControlSocket) : $"""

            ScyllaBot runs on {Counted.Of(bot.World.Inventory.Current.Clusters.Length, "cluster")}: {string.Join(", ", bot.World.Inventory.Current.Clusters.Select(c => $"{c.Name} ({c.Mode.ToString().ToLowerInvariant()})"))}.
            {await ChatLineAsync(bot.Host.Services.GetRequiredService<DiscordHealth>())} Ctrl-C stops it: running jobs go on when it starts again.

            """);
        return await BotEnd.WaitAsync(bot.Host) ? BotExit.Died : 0;
    }

    /// <summary>The host stands before the gateway does; a little later it is known whether anybody can type there.</summary>
    internal static async Task<string> ChatLineAsync(DiscordHealth health)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await Task.WhenAny(health.WhenConnectedAsync(patience.Token), health.WhenFatalAsync(patience.Token)).Unwrap();
        }
        catch (OperationCanceledException)
        {
            // Then why not is what there is to say.
        }

        return health.LostSince is null ? "Type /scp help in Discord."
            : $"Discord is not there: {health.Why}. {(health.IsFatal ? "Somebody must mend that (ScyllaBot doctor says what)" : "It is tried again")}; jobs go on, and scyllactl works without it.";
    }

    private static async Task<int> InventoryAsync(string[] args)
    {
        var (arguments, error) = InventoryArguments.Parse(args);
        if (arguments is null)
        {
            await (error is null ? Console.Out : Console.Error).WriteLineAsync(error is null ? InventoryCommand.Usage : $"{error}. inventory --help explains.");
            return error is null ? 0 : 2;
        }

        using var client = HttpExchange.NewClient();
        await using var transports = RealTransports.Open(client);
        return await new InventoryCommand(transports.Http, TimeProvider.System, Console.Out, Console.Error).RunAsync(arguments, CancellationToken.None);
    }

    private static async Task<int> NodesAsync(string[] args)
    {
        using var client = HttpExchange.NewClient();
        await using var transports = RealTransports.Open(client);
        return await new NodesCommand(transports.Helper, Console.Out, Console.Error).RunAsync(args, CancellationToken.None);
    }

    private static string Welcome(SandboxAddress sandbox, string? socket) => $"""

            ScyllaBot runs against its sandbox: simulated clusters, an emulated Discord, nothing real.

              Page:     {sandbox.Page}
              Control:  {socket ?? "none"}

            Three things to try there:
              1. As mara, type  /scp run workflow:rolling_restart cluster:messages-stg  and press Start; then approve it as jon.
              2. While it runs, inject "start-fails" on a node that is still to come, and answer the ping with a button.
              3. Ask  /scp why  while it waits, or stop this program with Ctrl-C at any moment and read state/ and logs/.

            Ctrl-C stops it.

            """;
}

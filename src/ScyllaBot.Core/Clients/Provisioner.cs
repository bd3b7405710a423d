using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>
/// The executable that makes and destroys a cluster's machines (docs/shadow-cluster.md): <c>PROGRAM VERB REQUEST</c> on the runner, JSON on
/// stdin, and on stdout lines for the log and last of all one line of JSON. Its path is the inventory's; it keeps its own credentials.
/// </summary>
internal sealed class Provisioner
{
    /// <summary>EX_TEMPFAIL: not all of it is done yet, and the same request again goes on from there.</summary>
    private const int TryAgain = 75;
    private const int MostOutput = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromMinutes(5);

    private readonly ClusterContext _context;
    private readonly ProvisionerProgram _program;
    private readonly NodeContext _runner;

    private Provisioner(ClusterContext context, ProvisionerProgram program) =>
        (_context, _program, _runner) = (context, program, new NodeContext(context, program.Host(context.Cluster)));

    /// <summary>The same for every attempt of a step: what was begun under it is gone on with, and nothing is made twice.</summary>
    private string Request => $"{_context.Stamp.Job}-{_context.Stamp.Path}";

    /// <exception cref="UnrecoverableException">The inventory names none.</exception>
    public static Provisioner Of(ClusterContext context) => context.Cluster.Provisioner is { } program
        ? new Provisioner(context, program) : throw new UnrecoverableException($"{context.Cluster.Name} has no provisioner in the inventory");

    /// <summary>What <see cref="ProvisionAsync"/> would do now; changes nothing.</summary>
    public async Task<ProvisionPlan> PlanAsync(CancellationToken ct) => (await ReadAsync("plan", ct)).Plan
        ?? throw new UnrecoverableException($"{_program.Runner}: the provisioner's plan does not say what it would change");

    /// <summary>The machines as they are; one that is not there is told as absent, or not at all.</summary>
    public async Task<ImmutableArray<ProvisionedHost>> DescribeAsync(CancellationToken ct) => (await ReadAsync("describe", ct)).Hosts;

    /// <summary>Makes what is missing, under the attempt's receipt. What it says it made is looked at by whoever calls.</summary>
    /// <exception cref="RecoverableException">Not all is done; the next attempt goes on.</exception>
    public Task ProvisionAsync(CancellationToken ct) => ChangeAsync("provision", ct);

    /// <summary>Destroys all of them with their disks; those that are gone already do not matter.</summary>
    /// <exception cref="RecoverableException">Not all is done; the next attempt goes on.</exception>
    public Task DestroyAsync(CancellationToken ct) => ChangeAsync("destroy", ct);

    private async Task<ProvisionAnswer> ReadAsync(string verb, CancellationToken ct)
    {
        var command = Command(verb, ReadPatience) with { AsRoot = true };
        return AnswerOf(verb, await NodeCommands.ReadAsync(_context.Commands, _runner.Node, command, ct));
    }

    private async Task ChangeAsync(string verb, CancellationToken ct)
    {
        // Begun and never ended: the program is made to be asked again, so the next attempt does (R12, under a receipt of its own).
        Task<CommandResult> Unknown(CancellationToken _) => Task.FromResult(new CommandResult(TryAgain, $"{verb} was cut off"));
        AnswerOf(verb, await NodeCommands.RunAsync(_runner, Command(verb, Patience), Unknown, ct));
    }

    private RemoteCommand Command(string verb, TimeSpan patience)
    {
        var cluster = _context.Cluster;
        var request = new ProvisionRequest(
            ProvisionWire.Version, Request, cluster.Name, cluster.Environment.ToString().ToLowerInvariant(), _program.Settings,
            [.. cluster.Nodes.Select(n => new WantedHost(n.Name, n.Address, n.Zone.Datacenter, n.Zone.Rack))]);
        return new RemoteCommand([_program.Program, verb, Request], patience)
        {
            Stdin = JsonSerializer.SerializeToUtf8Bytes(request, ProvisionWire.Json), MaxOutput = MostOutput,
        };
    }

    private ProvisionAnswer AnswerOf(string verb, CommandResult result)
    {
        if (result.Exit != 0)
        {
            // Its JSON is for programs; what stands beside it is for people.
            var words = string.Join('\n', result.Output.Split('\n').Where(l => !l.TrimStart().StartsWith('{')));
            var text = $"{_program.Runner}: provisioner {verb}: exit {result.Exit}: {CommandOutput.Tail(words)}";
            throw result.Exit == TryAgain ? new RecoverableException(text) : new UnrecoverableException(text);
        }

        return ProvisionWire.Read($"{_program.Runner}: provisioner {verb}", _context.Cluster, result.Output);
    }
}

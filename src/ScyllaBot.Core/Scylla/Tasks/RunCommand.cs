using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Runs one command as root, once for each attempt (R12): an argv, never a shell line. Off until the inventory enables <c>run-command</c>.</summary>
[Undo("only who wrote the command knows")]
[Tag("run-command", "Run a command", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("command: [nodetool, settraceprobability, \"0\"]\nrestarts_scylla: false")]
public sealed record RunCommand : INodeTask, IMayRestartScylla
{
    [Description("The program and its arguments, one item each; no shell reads them"), MinLength(1), RegularExpression(@"[^\x00-\x1f\x7f]{1,1000}")]
    public required IReadOnlyList<string> Command { get; init; }

    /// <value>Default 600 s.</value>
    [Description("How long it may run before the wait for it is given up"), Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(600);

    /// <value>Default true (R1).</value>
    [Description("False: Scylla goes on as it is, and a restart of it halts the job")]
    public bool RestartsScylla { get; init; } = true;

    public IReadOnlyList<INodeCondition> Preconditions => RestartsScylla ? [new QuorumSafe(), new ClusterNormal()] : [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (!context.Cluster.Enables.Contains("run-command"))
        {
            throw new UnrecoverableException($"{context.Cluster.Name} does not enable run-command: whoever keeps the inventory may");
        }

        if (Command[0].StartsWith('-'))
        {
            throw new UnrecoverableException($"{Command[0]} is no program");
        }

        await ScyllaRun.KeptAsync(context, this, () => RunAsync(context, ct), ct);
    }

    private async Task RunAsync(NodeContext context, CancellationToken ct)
    {
        var result = await context.RunAsync([.. Command], Patience, ct);
        if (result.Exit != 0)
        {
            // What it did before it failed, only its author knows.
            throw new UnrecoverableException($"{context.Node.Name}: {Command[0]}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}");
        }

        context.Log.Write($"{Command[0]}: {CommandOutput.Tail(result.Output)}");
    }
}

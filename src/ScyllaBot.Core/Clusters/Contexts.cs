using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>What a cluster task or condition may touch.</summary>
public record ClusterContext
{
    public required Cluster Cluster { get; init; }

    /// <summary>What every attempt leaves on what it sends to a node: job, step, attempt and lease epoch.</summary>
    public required StepStamp Stamp { get; init; }

    /// <summary>Nodes this job holds now (R2). Read it afresh: it changes while a condition waits.</summary>
    public required Func<ImmutableSortedSet<string>> Held { get; init; }

    /// <summary>Nodes whose absence from the ring is this job's own doing; none unless it changes who is in it (R27).</summary>
    public IReadOnlySet<string> MayBeOut { get; init; } = ImmutableSortedSet<string>.Empty;

    /// <summary>This attempt belongs to the way out: a restore or always step, or the job is being aborted. Read it afresh.</summary>
    public Func<bool> IsWayOut { get; init; } = () => false;

    /// <summary>Everyone's view of everyone, no older than asked.</summary>
    public required ClusterWatch Watch { get; init; }

    /// <summary>Every cluster this bot knows, as the inventory is now: what a step must keep away from, or compares with.</summary>
    public Inventory Inventory { get; init; } = Inventory.Empty;

    /// <summary>Who agreed to this step: at its own question, or where it has none at the start's.</summary>
    public Func<ImmutableArray<Person>> Approvers { get; init; } = () => [];

    public required IHttpExchange Http { get; init; }

    public required ICommandChannel Commands { get; init; }

    /// <summary>Messages to people, through the outbox.</summary>
    public required IAnnounce Announce { get; init; }

    /// <summary>The engine's journalled fan-out over nodes; what <see cref="NodeWorkflow"/> runs on.</summary>
    public required IFanOut FanOut { get; init; }

    public required Judgement Judgement { get; init; }

    public required StepLog Log { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The condition waiter of this attempt: success windows, polling, deadlines fixed by the step's first start.</summary>
    public required ConditionWait Wait { get; init; }

    /// <summary>Receipts of this attempt's commands; the engine releases them when the step's success is committed (R12).</summary>
    public ReceiptBook Receipts { get; init; } = new();

    /// <summary>What a condition was told before the node was touched, by <see cref="IBaselined{TContext}.BaselineKey"/>; null when nothing was measured.</summary>
    public Func<string, double?> Baseline { get; init; } = _ => null;

    /// <summary>Where a condition leaves the numbers it judged by.</summary>
    public Action<Reading> Observe { get; init; } = _ => { };

    /// <summary>Asks people something and waits for the answer, over restarts.</summary>
    public IAskHuman People { get; init; } = NobodyToAsk.Instance;

    /// <summary>What is owed on this cluster.</summary>
    public IDebts Debts { get; init; } = NoDebts.Instance;

    /// <summary>What of a long step is done, and where it may stop.</summary>
    public IUnits Units { get; init; } = NoUnits.Instance;

    /// <summary>A typed client of one node's REST API, stamped for this attempt.</summary>
    public ScyllaApi Api(Node node) => new(node, Http, Stamp);
}

/// <summary>A cluster context focused on one node, so every cluster condition also works here.</summary>
public sealed record NodeContext : ClusterContext
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public NodeContext(ClusterContext cluster, Node node) : base(cluster) => Node = node;

    public Node Node { get; init; }

    public ScyllaApi Scylla => Api(Node);

    /// <summary>Runs a changing command on this node under this attempt's receipt and epoch (R12, R13).</summary>
    /// <returns>Exit code and output, whatever the exit code.</returns>
    public Task<CommandResult> RunAsync(ImmutableArray<string> argv, TimeSpan timeout, CancellationToken ct) =>
        NodeCommands.RunAsync(this, argv, timeout, ct);
}

/// <summary>Where in which job something happens.</summary>
/// <param name="Job">Job id.</param>
/// <param name="Path">Place in the plan, such as <c>1.2</c>.</param>
/// <param name="Attempt">1, 2 …</param>
/// <param name="Epoch">The cluster lease's epoch; 0 without a lease.</param>
public sealed record StepStamp(string Job, string Path, int Attempt, long Epoch)
{
    /// <summary>The attempt that names receipts: this one, or the earlier one of which something is still unsettled (R12).</summary>
    public int ReceiptAttempt
    {
        get => field == 0 ? Attempt : field;
        init;
    }

    /// <summary>The node whose step it is; null for a step of the cluster.</summary>
    public string? Node { get; init; }

    public override string ToString() => $"{Job}/{Path}/{Attempt}";
}

/// <summary>Runs node steps over the job's targets, journalled and resumable.</summary>
public interface IFanOut
{
    Task RunAsync(NodeWorkflow workflow, CancellationToken ct);
}

/// <summary>Says something in a channel by its name; goes through the outbox of the job (R14).</summary>
public interface IAnnounce
{
    /// <param name="channels">Names from configuration, such as <c>infra-doing</c>.</param>
    /// <param name="message">Plain text; escaped before chat sees it.</param>
    Task SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct);
}

/// <summary>A question to people: journalled, answered by a button or a form, waited for without an end of its own.</summary>
/// <param name="Text">What is asked; plain text.</param>
/// <param name="Choices">What may be answered; empty = free text.</param>
/// <param name="Pattern">What free text must match from end to end; null = anything of at most 200 characters.</param>
public sealed record HumanQuestion(string Text, ImmutableArray<string> Choices, string? Pattern);

/// <summary>See <see cref="HumanQuestion"/>.</summary>
public interface IAskHuman
{
    /// <returns>The answer, the same one after a restart.</returns>
    Task<string> AskAsync(HumanQuestion question, CancellationToken ct);
}

/// <summary>Where there is no job, there is nobody to ask.</summary>
public sealed class NobodyToAsk : IAskHuman
{
    public static NobodyToAsk Instance { get; } = new();

    public Task<string> AskAsync(HumanQuestion question, CancellationToken ct) =>
        throw new UnrecoverableException("nobody can be asked here");
}

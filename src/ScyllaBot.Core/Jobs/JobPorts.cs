using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What the engine is given: the ports and its readers.</summary>
public sealed record JobPorts
{
    public required IJobStore Store { get; init; }

    public required TimeProvider Time { get; init; }

    public required IRandom Random { get; init; }

    public required IHttpExchange Http { get; init; }

    public required ICommandChannel Commands { get; init; }

    public required ILogSink Log { get; init; }

    public required ImmutableArray<IJobReader> Readers { get; init; }

    /// <summary>Which messages follow from an event, written in its own transaction (R14); the plan names the steps, where it is known.</summary>
    public required Func<Job, JobEvent, Plan?, ImmutableArray<OutboxItem>> Outbox { get; init; }

    /// <summary>Every cluster there is: what steps about two clusters look at. Empty = they refuse.</summary>
    public InventoryBook Inventory { get; init; } = new(Clusters.Inventory.Empty);

    public GuardSettings Guards { get; init; } = new();

    public CallSettings Calls { get; init; } = new();

    /// <summary>For how long nobody has been reached by chat (R9); null while it works.</summary>
    public Func<TimeSpan?> ChatLostFor { get; init; } = () => null;

    /// <summary>Who approves what (R16).</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    public Judgement Judgement { get; init; } = Judgement.Sound;

    /// <summary>What stands above all jobs (R20).</summary>
    public Fleet Fleet { get; init; } = new();

    /// <value>Default 3: clusters that are disrupted at the same time (R18).</value>
    public int MaxDisruptiveJobs { get; init; } = 3;

    /// <summary>A serial scheduler for each job.</summary>
    public Func<Mailbox> NewMailbox { get; init; } = Mailbox.Serial;

    /// <summary>What events make of a job, with the messages that belong into the same append.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="before">Null: the first event begins it.</param>
    /// <param name="events">At least one.</param>
    /// <param name="plan">For names of steps; null where there is none yet.</param>
    internal (Job After, ImmutableArray<(int Event, OutboxItem Item)> Outbox) Fold(JobId id, Job? before, ImmutableArray<JobEvent> events, Plan? plan)
    {
        var job = before;
        var outbox = ImmutableArray.CreateBuilder<(int, OutboxItem)>();
        foreach (var (e, i) in events.Select((e, i) => (e, i)))
        {
            job = job is null ? Job.Begin(id, e) : job.Apply(e);
            outbox.AddRange(Outbox(job, e, plan).Select(item => (i, item)));
        }

        return (job!, outbox.ToImmutable());
    }
}

/// <summary>A job's own copy of its workflow, bound: editing a file never changes a running job.</summary>
public sealed record BoundJob(Cluster Cluster, ClusterWatch Watch, LoadedWorkflow Loaded)
{
    public Workflow Workflow => Loaded.Workflow;

    /// <summary>A debt's undo as a workflow of one step, or why it does not bind.</summary>
    public required Func<DebtUndo, (LoadedWorkflow? Loaded, ImmutableArray<string> Errors)> UndoOf { get; init; }

    /// <summary>A one-off task (R18), alone or on one node.</summary>
    public bool IsOneStep => Workflow.IsOneStep;
}

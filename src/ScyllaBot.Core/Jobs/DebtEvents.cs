using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>What an operation may leave owing.</summary>
public enum DebtKind
{
    /// <summary>Nodes hold rows of ranges that a join took from them (facts 1.13, 7.12).</summary>
    Cleanup,

    /// <summary>Writes are missing on a node: it was replaced, or away for longer than others keep hints for it (facts 4.11, 7.22).</summary>
    Repair,

    TabletBalancing,

    ManagerSuspended,

    Silence,

    Snapshot,

    NativeTransport,

    PackageHold,

    /// <summary>A timer on a node that starts Scylla by itself (R10).</summary>
    RescueTimer,

    /// <summary>Another cluster's writes go to this one as well.</summary>
    DualWrites,

    /// <summary>Another cluster's reads are made on this one as well.</summary>
    ComparedReads,

    /// <summary>Machines that were made for a while.</summary>
    ShadowHosts,

    /// <summary>A step under <c>always</c> that could not pass yet.</summary>
    Always,
}

/// <summary>What becomes of a debt when its job ends.</summary>
public enum DebtNature
{
    /// <summary>The job may not end well while it is open.</summary>
    Owed,

    /// <summary>Left on purpose: it outlives its job, until its deadline.</summary>
    Kept,

    /// <summary>It goes by itself at its deadline.</summary>
    Lapses,
}

/// <summary>The one-off task that pays a debt.</summary>
/// <param name="Task">Its tag.</param>
/// <param name="Node">Null for a task of the cluster.</param>
/// <param name="Inputs">Input → value, as <c>/scp node-task</c> takes them.</param>
/// <param name="ByItself">Quick and harmless: the bot may run it without asking anybody.</param>
public sealed record DebtUndo(string Task, string? Node, ImmutableSortedDictionary<string, string> Inputs, bool ByItself)
{
    public static DebtUndo Of(string task, string? node, bool byItself, params ReadOnlySpan<(string Name, string Value)> inputs)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in inputs)
        {
            map.Add(name, value);
        }

        return new DebtUndo(task, node, map.ToImmutable(), byItself);
    }

    /// <summary>As somebody would type it.</summary>
    public override string ToString() => string.Join(' ',
        [Node is null ? "cluster-task" : "node-task", Task, .. Node is null ? Array.Empty<string>() : [Node], .. Inputs.Select(i => $"{i.Key}={i.Value}")]);
}

/// <summary>Written right before the effect that is owed for, so that no crash loses it. Its id is the job and this event's place.</summary>
/// <param name="Key">Whose step; null where the job itself found out.</param>
/// <param name="Subject">Node, node/thing, or empty for the cluster: with the kind it says what has to be paid.</param>
/// <param name="What">A sentence for people.</param>
public sealed record DebtOpened(
    DateTimeOffset At, StepKey? Key, DebtKind Kind, string Subject, string What, DateTimeOffset Deadline, DebtNature Nature, DebtUndo Undo) : JobEvent(At);

/// <summary>Paid by a step of this job, whoever opened it; or by hand while the job that opened it is at work.</summary>
/// <param name="Id">See <see cref="Debt.Id"/>.</param>
/// <param name="By">Null: a step did.</param>
public sealed record DebtPaid(DateTimeOffset At, string Id, DebtKind Kind, string Subject, Person? By, string Why) : JobEvent(At);

/// <summary>Paid by hand, or gone by itself, after its job had ended: the bot's own stream.</summary>
public sealed record DebtSettled(DateTimeOffset At, string Id, string Cluster, Person By, string Why) : JournalEvent(At);

/// <summary>Its deadline is over and somebody was called, once: the bot's own stream.</summary>
public sealed record DebtOverdue(DateTimeOffset At, string Id, string Cluster) : JournalEvent(At);

/// <summary>Something owed on a cluster; it survives its job.</summary>
/// <param name="Id">Of the whole bot; what <c>/scp debts pay:</c> takes.</param>
/// <param name="Job">Who opened it.</param>
public sealed record Debt(
    string Id, string Cluster, JobId Job, StepKey? Step, DebtKind Kind, string Subject, string What, DateTimeOffset Opened, DateTimeOffset Deadline,
    DebtNature Nature, DebtUndo Undo)
{
    /// <summary>Null while it is open.</summary>
    public DebtPayment? Payment { get; init; }

    /// <summary>When somebody was called because of its deadline; null = nobody.</summary>
    public DateTimeOffset? Told { get; init; }

    [JsonIgnore]
    public bool IsOpen => Payment is null;

    /// <param name="now">A debt that goes by itself is never overdue.</param>
    public bool IsOverdue(DateTimeOffset now) => IsOpen && Nature != DebtNature.Lapses && now >= Deadline;

    public static string IdOf(JobId job, long sequence) => FormattableString.Invariant($"{job.Value}-{sequence:x}");

    internal static Debt Of(JobId job, string cluster, long sequence, DebtOpened e) =>
        new(IdOf(job, sequence), cluster, job, e.Key, e.Kind, e.Subject, e.What, e.At, e.Deadline, e.Nature, e.Undo);
}

/// <param name="By">A person's name, or the job whose step did it.</param>
public sealed record DebtPayment(string Id, DateTimeOffset At, string By, string Why);

/// <param name="Cluster">Null: all.</param>
public sealed record DebtFilter(string? Cluster = null, bool OpenOnly = true, int Limit = 500);

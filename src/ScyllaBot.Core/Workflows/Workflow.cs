using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>A bound, validated workflow: what a YAML file says once its variables have values.</summary>
public sealed record Workflow
{
    [Description("What the operator sees")]
    public required string Name { get; init; }

    [Description("One paragraph for whoever chooses it")]
    public string Description { get; init; } = "";

    [Description("What can be given at the start")]
    public IReadOnlyList<Variable> Variables { get; init; } = [];

    [Description("Steps, in order"), MinLength(1)]
    public required IReadOnlyList<Step<ClusterContext>> ClusterTasks { get; init; }

    [Description("Steps that run at the end whatever happened")]
    public IReadOnlyList<Step<ClusterContext>> Always { get; init; } = [];

    /// <value>Default none, beside everyone's view.</value>
    [Description("What must hold all job long; while it does not, no further node is taken down (R6)")]
    public IReadOnlyList<Criterion<ClusterContext>> Guards { get; init; } = [];

    /// <value>Default suspend. It matters only where a step takes a node down or changes who is in the ring.</value>
    [Description("What becomes of repairs meanwhile (R26)")]
    public RepairPolicy Repairs { get; init; } = RepairPolicy.Suspend;

    /// <value>Default none: at any time.</value>
    [Description("When nodes may be taken down; outside it the job waits")]
    public IReadOnlyList<MaintenanceWindow> Window { get; init; } = [];

    /// <summary>Their steps stand where they are used before anything is bound: in a bound workflow there are none.</summary>
    [Description("Lists of steps with a name, used as `- macro: name`")]
    public IReadOnlyDictionary<string, Macro> Macros { get; init; } = ImmutableSortedDictionary<string, Macro>.Empty;

    /// <summary>A one-off task (R18): one step, of the cluster or of its nodes.</summary>
    internal bool IsOneStep => ClusterTasks is [var only] && (only.Task is not NodeWorkflow nodes || nodes.NodeTasks.Count == 1);
}

/// <summary>A task plus how stubborn the workflow is about it.</summary>
/// <typeparam name="TContext">Cluster or node.</typeparam>
public sealed record Step<TContext>
{
    [Description("What to do")]
    public required ITask<TContext> Task { get; init; }

    [Description("What the operator sees instead of the task's title")]
    public string? Name { get; init; }

    /// <value>Default 0: a failure halts.</value>
    [Description("Further attempts after a recoverable failure"), Range(0, 100)]
    public int Retries { get; init; }

    /// <value>Default 5 s.</value>
    [Description("Wait before another attempt")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Default 1: always the same delay.</value>
    [Description("Factor by which the delay grows with each failure"), Range(1.0, 10.0)]
    public double RetryBackoff { get; init; } = 1;

    /// <value>Default none: the task's own waits bound it.</value>
    [Description("Deadline, counted from the step's first start")]
    public TimeSpan? Timeout { get; init; }

    [Description("What a final failure does")]
    public OnFailure OnFailure { get; init; } = OnFailure.Halt;

    [Description("A human decision before the step")]
    public ApprovalGate? Approval { get; init; }

    /// <value>Default none: it is never skipped.</value>
    [Description("Skipped when all of these hold as it begins")]
    public IReadOnlyList<Criterion<TContext>> SkipWhen { get; init; } = [];

    public string Title => Name ?? Task.Title;

    /// <summary>Direction, risk and interruptibility of the task (R1).</summary>
    public TagAttribute Tag => Task is IMayRestartScylla { RestartsScylla: false }
        ? TagAttribute.Of(Task.GetType()).AsNeutral() : TagAttribute.Of(Task.GetType());
}

/// <summary>What a step's final failure does. Only Halt is legal between a takes_down and its health wait.</summary>
public enum OnFailure
{
    Halt,
    SkipNode,
    Continue,
}

/// <summary>A human decision before a step (R16). Never between a takes_down and its health wait (R3).</summary>
public sealed record ApprovalGate
{
    [Description("What the approver is asked")]
    public required string Message { get; init; }

    /// <value>Default empty: whoever has the approver right.</value>
    [Description("Role or user names that may decide")]
    public IReadOnlyList<string> Approvers { get; init; } = [];

    [Description("How many different people must agree"), Range(1, 10)]
    public int Count { get; init; } = 1;

    /// <value>Default 1 h.</value>
    [Description("How long the question stands")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}

public enum VariableType
{
    String,
    Integer,
    Number,
    Boolean,
    Duration,
    Node,
    List,
}

/// <summary>One input of a workflow. No default = required.</summary>
public sealed record Variable
{
    [Description("Used as +name+"), RegularExpression("[a-z][a-z0-9_]{0,63}")]
    public required string Name { get; init; }

    [Description("What a value must look like")]
    public VariableType Type { get; init; } = VariableType.String;

    [Description("One sentence")]
    public string Description { get; init; } = "";

    [Description("Value when none is given; none = required")]
    public string? Default { get; init; }
}

using System.Reflection;

namespace ScyllaBot.Core.Tasks;

/// <summary>Which way a task moves a node (R1).</summary>
public enum Direction
{
    /// <summary>The node serves as before.</summary>
    Neutral,

    /// <summary>After it the node may not serve.</summary>
    TakesDown,

    /// <summary>It helps the node to serve again; it never needs quorum, approval, a window or a free lease (R4).</summary>
    BringsUp,
}

/// <summary>How much a task can hurt: what approvals and confirmations are asked by.</summary>
public enum Risk
{
    /// <summary>Reads only.</summary>
    None,

    /// <summary>Changes something that the cluster does not feel.</summary>
    Low,

    /// <summary>Takes capacity or a replica away for a while.</summary>
    Disruptive,

    /// <summary>Cannot be undone.</summary>
    Destructive,
}

/// <summary>Whether a task's work may be cut by abort-now (R1, R5). The host's stop cuts everything; the next host attaches again (R12).</summary>
public enum Interruptible
{
    /// <summary>At any await.</summary>
    Yes,

    /// <summary>Before and after its work, not within: what has begun at the node goes on there, so abort-now waits for its answer.</summary>
    AtCheck,

    /// <summary>Never: it moves data.</summary>
    No,
}

/// <summary>Lists a task or condition in the catalogue. The tag is a wire contract: workflows and stored jobs name it.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TagAttribute : Attribute
{
    /// <summary>For a condition.</summary>
    public TagAttribute(string name, string title) => (Name, Title) = (name, title);

    /// <summary>For a task: direction, risk and interruptibility are never implied (R1).</summary>
    public TagAttribute(string name, string title, Direction direction, Risk risk, Interruptible interruptible)
        : this(name, title) => (Direction, Risk, Interruptible, IsTask) = (direction, risk, interruptible, true);

    public string Name { get; }

    public string Title { get; }

    public Direction Direction { get; }

    public Risk Risk { get; }

    public Interruptible Interruptible { get; }

    public bool IsTask { get; }

    /// <value>Default 1; one more whenever it does something else under the same inputs (R30).</value>
    public int Version { get; init; } = 1;

    /// <summary>The same, where the workflow says that the node is not taken down (R1).</summary>
    internal TagAttribute AsNeutral() => new(Name, Title, Direction.Neutral, Risk, Interruptible) { Version = Version };

    /// <exception cref="InvalidOperationException">The type has no tag: a mistake of its author, found by the catalogue's test.</exception>
    public static TagAttribute Of(Type type) =>
        type.GetCustomAttribute<TagAttribute>() ?? throw new InvalidOperationException($"{type} has no [Tag]");
}

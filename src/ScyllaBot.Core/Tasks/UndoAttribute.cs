using System.Reflection;

namespace ScyllaBot.Core.Tasks;

/// <summary>How what a task does is undone: a plan says it of each step. In plain words, beginning in lower case.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UndoAttribute(string how) : Attribute
{
    public string How { get; } = how;

    /// <summary>Null: the task does not say.</summary>
    public static string? Of(Type task) => task.GetCustomAttribute<UndoAttribute>()?.How;
}

/// <summary>After it there is no way back to what was: a plan says so, and nobody approves it alone (R16).</summary>
/// <param name="lost">What can not be had back.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PointOfNoReturnAttribute(string lost) : Attribute
{
    public string Lost { get; } = lost;

    /// <summary>On production: two people, and each types the cluster's name (R17).</summary>
    public bool NeedsTwo { get; init; }

    public static PointOfNoReturnAttribute? Of(Type task) => task.GetCustomAttribute<PointOfNoReturnAttribute>();
}

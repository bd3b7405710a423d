using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tasks;

/// <summary>A task that may open such a debt: plans tell so, and a test holds that no other is opened.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class OwesAttribute(DebtKind kind) : Attribute
{
    public DebtKind Kind => kind;
}

/// <summary>A task that pays such debts once it has passed.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class PaysAttribute(DebtKind kind) : Attribute
{
    public DebtKind Kind => kind;
}

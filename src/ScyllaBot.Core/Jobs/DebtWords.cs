namespace ScyllaBot.Core.Jobs;

/// <summary>How debts are called.</summary>
public static class DebtWords
{
    public static string Of(DebtKind kind) => kind switch
    {
        DebtKind.Cleanup => "cleanup",
        DebtKind.Repair => "repair",
        DebtKind.TabletBalancing => "tablet balancing",
        DebtKind.ManagerSuspended => "Manager resume",
        DebtKind.DualWrites => "end of dual writes",
        DebtKind.ComparedReads => "end of compared reads",
        DebtKind.ShadowHosts => "tear-down",
        DebtKind.Silence => "end of a silence",
        DebtKind.Snapshot => "clearing of a snapshot",
        DebtKind.NativeTransport => "opening of CQL",
        DebtKind.PackageHold => "letting go of packages",
        DebtKind.RescueTimer => "end of a rescue timer",
        DebtKind.Always => "a last step",
        _ => throw new InvalidOperationException($"unknown debt {kind}"),
    };

    /// <summary>One line for lists: what, and what pays it.</summary>
    public static string Line(Debt debt) => $"{debt.What}; paid by {debt.Undo}";
}

namespace ScyllaBot.Core.Clusters;

/// <summary>What consistency levels are called and where they count.</summary>
public static class ConsistencyLevels
{
    /// <summary>As CQL spells it.</summary>
    public static string Cql(this ConsistencyLevel level) => level switch
    {
        ConsistencyLevel.One => "ONE",
        ConsistencyLevel.Two => "TWO",
        ConsistencyLevel.Three => "THREE",
        ConsistencyLevel.Quorum => "QUORUM",
        ConsistencyLevel.All => "ALL",
        ConsistencyLevel.LocalOne => "LOCAL_ONE",
        ConsistencyLevel.LocalQuorum => "LOCAL_QUORUM",
        ConsistencyLevel.EachQuorum => "EACH_QUORUM",
        ConsistencyLevel.Serial => "SERIAL",
        ConsistencyLevel.LocalSerial => "LOCAL_SERIAL",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    /// <summary>Counted in the client's own datacenter, so only where clients are.</summary>
    public static bool IsLocal(this ConsistencyLevel level) =>
        level is ConsistencyLevel.LocalOne or ConsistencyLevel.LocalQuorum or ConsistencyLevel.LocalSerial;
}

namespace ScyllaBot.Core.Tasks;

/// <summary>A task whose node may be no member of the ring before it or after it: that is no drift for a job which has it (R15, R27).</summary>
public interface IChangesMembership
{
    /// <summary>Host ids of other nodes that are out of the ring once it is done.</summary>
    IEnumerable<Guid> Ousted => [];
}

/// <summary>A task for a machine that is to become a member: a workflow that has one may be given nodes that are not in the ring yet.</summary>
public interface IJoinsRing : IChangesMembership
{
    /// <summary>There may be no ring yet: the machine may be the first of one.</summary>
    bool MayFound => false;
}

namespace ScyllaBot.Core.Tasks;

/// <summary>A task whose node may be no member of the ring before it or after it: that is no drift for a job which has it (R15, R27).</summary>
public interface IChangesMembership;

namespace ScyllaBot.Core.Tasks;

/// <summary>A task that waits for people: a load error between a takes_down and its health wait (R3), in <c>restore</c> and in <c>always</c> (R4).</summary>
public interface IAsksPeople;

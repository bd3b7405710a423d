namespace ScyllaBot.Transports;

/// <summary>How much may be asked of the whole fleet at once. Only reads are counted; a change never waits.</summary>
/// <param name="InFlight">Reads under way at once, across all nodes.</param>
/// <param name="PerSecond">Reads begun in a second, across all nodes.</param>
public sealed record PollBudget(int InFlight = 64, int PerSecond = 400);

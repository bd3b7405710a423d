using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>The engine with some of its checks switched off: they are not asked, and taken to hold.</summary>
internal static class Blinded
{
    /// <summary>Without conditions of these types, wherever they stand: before a task, in a wait, after the last node.</summary>
    public static BedOptions Without(this BedOptions options, params Type[] checks) => options with
    {
        Judgement = options.Judgement with { Asks = type => !checks.Contains(type) },
    };

    /// <summary>Nobody asks any more which nodes may be down together.</summary>
    public static BedOptions WithoutAvailability(this BedOptions options) => options with
    {
        Judgement = options.Judgement with { WhyNotDown = (_, _) => null },
    };

    /// <summary>The watch over everyone's view never calls anything a trouble (R6).</summary>
    public static BedOptions WithoutGuards(this BedOptions options) => options with { Guards = new GuardSettings { Settle = TimeSpan.FromDays(1000) } };
}

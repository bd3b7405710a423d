using System.Collections.Immutable;

namespace ScyllaBot.EndToEnd.Kills;

internal enum KillMoment
{
    /// <summary>Within 50 ms of the POST of a message that pings.</summary>
    Ping,

    /// <summary>While a node is down by the job.</summary>
    Held,

    /// <summary>Any moment of the job's life.</summary>
    Any,
}

/// <summary>What befalls one job.</summary>
/// <param name="IsFaulty">Two nodes refuse to start until an operator retries: two halts, two pings.</param>
/// <param name="Kills">In this order.</param>
internal sealed record JobLife(bool IsFaulty, ImmutableArray<KillMoment> Kills)
{
    /// <summary>Pairs of a faulty job and a quiet one, six kills a pair: two of each moment.</summary>
    public static IEnumerable<JobLife> Plan(int kills)
    {
        for (var left = kills; left > 0; left -= 6)
        {
            yield return new JobLife(true, [.. ((KillMoment[])[KillMoment.Ping, KillMoment.Held, KillMoment.Ping]).Take(left)]);
            yield return new JobLife(false, [.. ((KillMoment[])[KillMoment.Held, KillMoment.Any, KillMoment.Any]).Take(left - 3)]);
        }
    }
}

/// <summary>A kill as it happened.</summary>
/// <param name="Aim">What it was to hit.</param>
/// <param name="AfterPing">From the arrival of the ping's POST to the process's end; null for other moments.</param>
/// <param name="Held">Nodes that did not serve when the process had ended.</param>
internal sealed record Landing(KillMoment Aim, TimeSpan? AfterPing, ImmutableArray<string> Held)
{
    /// <summary>Discord's answer to the ping's POST did not reach the bot.</summary>
    public bool IsAnswerLost { get; init; }
}

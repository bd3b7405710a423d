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
    /// <summary>A third of the kills land so soon after the POST of a message that pings.</summary>
    public static readonly TimeSpan PingWindow = TimeSpan.FromMilliseconds(50);

    /// <summary>Pairs of a faulty job and a quiet one, six kills a pair: two of each moment.</summary>
    public static IEnumerable<JobLife> Plan(int kills)
    {
        for (var left = kills; left > 0; left -= 6)
        {
            yield return new JobLife(true, [.. ((KillMoment[])[KillMoment.Ping, KillMoment.Held, KillMoment.Ping]).Take(left)]);
            yield return new JobLife(false, [.. ((KillMoment[])[KillMoment.Held, KillMoment.Any, KillMoment.Any]).Take(left - 3)]);
        }
    }

    /// <summary>What the plan's kills still owe: one more life that aims at each moment that was missed, or null when all were hit.</summary>
    public static JobLife? Again(int kills, IEnumerable<Landing> landed)
    {
        var owed = Shares(kills).ToDictionary();
        foreach (var landing in landed)
        {
            owed[landing.Moment]--;
        }

        // A faulty life pings twice, so two tries at a ping fit into it.
        ImmutableArray<KillMoment> moments =
        [
            .. Enumerable.Repeat(KillMoment.Ping, Math.Clamp(owed[KillMoment.Ping], 0, 2)),
            .. Enumerable.Repeat(KillMoment.Held, Math.Clamp(owed[KillMoment.Held], 0, 2)),
        ];
        return moments.IsEmpty ? null : new JobLife(owed[KillMoment.Ping] > 0, moments);
    }

    /// <summary>How many kills the plan aims at each moment.</summary>
    public static IReadOnlyDictionary<KillMoment, int> Shares(int kills)
    {
        var aims = Plan(kills).SelectMany(life => life.Kills).ToArray();
        return Enum.GetValues<KillMoment>().ToDictionary(moment => moment, moment => aims.Count(aim => aim == moment));
    }
}

/// <summary>A kill as it happened.</summary>
/// <param name="Aim">What it was aimed at.</param>
/// <param name="AfterPing">From the arrival of the ping's POST to the process's end; null for other moments.</param>
/// <param name="Held">Nodes that did not serve when the process had ended.</param>
internal sealed record Landing(KillMoment Aim, TimeSpan? AfterPing, ImmutableArray<string> Held)
{
    /// <summary>Discord's answer to the ping's POST did not reach the bot.</summary>
    public bool IsAnswerLost { get; init; }

    /// <summary>What it counts as: a kill that came too late for its aim was one at any moment.</summary>
    public KillMoment Moment => Aim switch
    {
        KillMoment.Ping when AfterPing is { } after && after >= TimeSpan.Zero && after <= JobLife.PingWindow => KillMoment.Ping,
        KillMoment.Held when !Held.IsEmpty => KillMoment.Held,
        _ => KillMoment.Any,
    };
}

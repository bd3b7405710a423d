using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>One fault of each kind that a workflow must live through.</summary>
public enum Trouble
{
    /// <summary>scylla-server does not start on the victim, as often as the step tries.</summary>
    StartFails,

    /// <summary>The victim's drain never ends by itself.</summary>
    DrainHangs,

    /// <summary>Of each changing call to the victim the first answer is lost: the effect is there, nobody says so.</summary>
    AnswersLost,

    /// <summary>The victim's REST API gives no answer for three minutes.</summary>
    RestSilent,

    /// <summary>The victim's REST API answers 500 a few times.</summary>
    Rest500,

    /// <summary>Another node of the zone dies and is started by hand a quarter of an hour later.</summary>
    NeighbourDies,

    /// <summary>The bot is killed and started anew a minute later.</summary>
    HostKilled,
}

/// <summary>What becomes of the job then, and which button ends it.</summary>
public enum Way
{
    /// <summary>It goes to its end, and nobody is rung.</summary>
    Alone,

    /// <summary>It holds, rings once after ten minutes, and goes on by itself when all is well.</summary>
    Holds,

    /// <summary>It halts, rings once, and is finished by Retry.</summary>
    Retry,

    /// <summary>It halts, rings once, and is finished by Bring node up and then Retry.</summary>
    BringUp,
}

/// <summary>Makes the trouble, tells whether it came, and mends it.</summary>
internal sealed class TroubleMaker(WorkflowRun run, Trouble trouble)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private int _bites;

    private EngineBed Bed => run.Bed;

    private string Victim => run.Case.Victim;

    /// <summary>Before the start: what bites by itself.</summary>
    public void Arm()
    {
        switch (trouble)
        {
            case Trouble.StartFails:
                Bed.Arm(FaultKind.StartFails, Victim, run.Case.Starts);
                break;
            case Trouble.DrainHangs:
                Bed.Arm(FaultKind.DrainHangs, Victim);
                break;
            case Trouble.Rest500:
                Bed.Arm(FaultKind.Api500, Victim, count: 4);
                break;
            case Trouble.AnswersLost:
                Bed.Ports.Fate = call => call.Changes && call.Node == Victim && _lost.Add(call.What) ? Bites(Loss.After) : Loss.None;
                break;
            default:
                break;
        }
    }

    /// <summary>After the start: what needs its moment.</summary>
    public void Strike()
    {
        if (trouble is not (Trouble.RestSilent or Trouble.NeighbourDies or Trouble.HostKilled))
        {
            return;
        }

        run.Until(() => Bed.Effects.Any(e => e.Node == Victim && e.Kind == run.Case.At), $"{run.Case.At} of {Victim}");
        switch (trouble)
        {
            case Trouble.RestSilent:
                var end = Bed.Time.GetUtcNow() + Silence;
                Bed.Ports.Fate = call => call.IsHttp && call.Node == Victim && Bed.Time.GetUtcNow() < end ? Bites(Loss.TimesOut) : Loss.None;
                break;
            case Trouble.NeighbourDies:
                Bed.World.Agenda.Run(() => Bed.Sim(run.Case.Neighbour).Kill(Cause.Nobody));
                break;
            default:
                Bed.Kill();
                Bed.Pass(TimeSpan.FromMinutes(1));
                Assert.Empty(Bed.StartHost());
                break;
        }
    }

    /// <summary>What somebody does at the machines before pressing anything.</summary>
    public void Mend()
    {
        Bed.World.Agenda.Run(() => Bed.World.LiftFaults());
        if (trouble == Trouble.NeighbourDies)
        {
            _ = Bed.World.Agenda.Run(() => Bed.Sim(run.Case.Neighbour).Unit.StartAsync(Cause.Nobody, "power-on"));
        }
    }

    /// <summary>A trouble that never came would prove nothing.</summary>
    public bool Came() => trouble switch
    {
        Trouble.StartFails or Trouble.DrainHangs or Trouble.Rest500 => Bed.Bites.Any(b => b.Node == Victim),
        Trouble.HostKilled => Bed.Events.Any(e => e is HostResumed),
        Trouble.NeighbourDies => Bed.Effects.Any(e => e.Kind == "power-on"),
        _ => _bites > 0,
    };

    private Loss Bites(Loss loss)
    {
        _bites++;
        return loss;
    }
}

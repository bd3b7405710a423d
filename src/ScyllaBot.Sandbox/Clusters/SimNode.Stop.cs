namespace ScyllaBot.Sandbox.Clusters;

/// <summary>How a process ended, which is what systemd makes its Result of.</summary>
internal enum ExitKind
{
    /// <summary>Exit code 0.</summary>
    Clean,

    /// <summary>Exit code 1 during the start.</summary>
    StartFailed,

    /// <summary>SIGKILL from outside systemd.</summary>
    Killed,

    /// <summary>SIGKILL by systemd after TimeoutStopSec.</summary>
    StopTimedOut,
}

internal sealed partial class SimNode
{
    private readonly List<Action> _whenExited = [];
    private bool _exitAfterDrain;

    /// <summary>Called when the present process ends, inside the agenda.</summary>
    public void WhenExited(Action act) => _whenExited.Add(act);

    /// <summary>
    /// SIGTERM: an orderly drain inside, then exit; the mode that readers see stays. While a drain runs it waits for that one, hung or not.
    /// </summary>
    public void Terminate()
    {
        Process = ProcessState.Stopping;
        Cql = false;
        CancelStartSteps();
        if (Mode == OperationMode.Draining)
        {
            _exitAfterDrain = true;
        }
        else if (Mode is null or OperationMode.Starting or OperationMode.Drained)
        {
            ExitSoon();
        }
        else
        {
            Phase = StartPhase.Joining;
            if (Hears)
            {
                AnnounceShutdown();
            }

            _stopStep = Cluster.Agenda.After(ShutdownTime(), () =>
            {
                Gossiping = false;
                Phase = StartPhase.Services;
                _cleanCommitLog = true;
                Changed();
                ExitSoon();
            });
        }

        Changed();
    }

    /// <summary>kill -9: peers learn nothing until their failure detectors give up.</summary>
    public void Kill(Cause cause)
    {
        if (Process is ProcessState.Stopped or ProcessState.Dead)
        {
            return;
        }

        Cluster.Record(this, "kill", cause);
        Exit(ExitKind.Killed);
    }

    public void Exit(ExitKind kind)
    {
        CancelStartSteps();
        _stopStep?.Cancel();
        var vanished = Gossiping && !_announced;
        if (kind is ExitKind.Killed or ExitKind.StopTimedOut)
        {
            _cleanCommitLog = _cleanCommitLog && Mode is null or OperationMode.Drained;
        }

        Process = kind is ExitKind.Killed or ExitKind.StopTimedOut ? ProcessState.Dead : ProcessState.Stopped;
        Phase = StartPhase.Refused;
        Mode = null;
        Gossiping = Cql = _joined = _exitAfterDrain = DrainHung = false;
        _lock = null;
        if (vanished)
        {
            Cluster.Gossip.Vanished(this);
        }

        Changed();
        AnswerWaiting(CallOutcome.ConnectionLost);
        _whenExited.ForEach(act => act());
        _whenExited.Clear();
        Cluster.Tasks.ProcessEnded(this);
        Cluster.Topology.ProcessEnded(this);
        _runEnded.TrySetResult();
        Unit.ProcessExited(kind);
        Machine.ProcessEnded();
    }

    private void ExitSoon() => _stopStep = Cluster.Agenda.After(Dice.Between(Key("exit"), 1, 3), () => Exit(ExitKind.Clean));

    private void AnnounceShutdown()
    {
        _announced = true;
        Cluster.Gossip.Announced(this);
    }

    /// <summary>`shutdown_announce_in_ms` (2 s) and the flush of an idle node: the 2.0 to 2.5 s of every drain.</summary>
    private TimeSpan ShutdownTime() => Dice.Between(Key("drain"), 2.0, 2.5);
}

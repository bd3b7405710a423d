namespace ScyllaBot.Sandbox.Clusters;

internal sealed partial class SimNode
{
    private bool _joined;

    /// <summary>
    /// Executes scylla. 10 to 20 s to NORMAL after a clean stop; commit log replay (20 to 60 s) comes on top after a kill.
    /// systemd's READY comes when tables are loaded, before the join.
    /// </summary>
    public void StartProcess()
    {
        BeginAnew();
        Run++;
        _runEnded = NewSignal();
        Generation = Math.Max(Generation + 1, Now.ToUnixTimeSeconds());
        ProcessStart = Now;
        Process = ProcessState.Starting;
        Phase = StartPhase.Refused;
        Mode = null;
        _joined = _announced = IsAlone = false;
        CompactionThroughput = StreamThroughput = 0;
        Changed();

        var total = Dice.Between(Key("start"), 10, 20);
        if (Cluster.Faults.Bite(Id, FaultKind.StartFails) is not null || Machine.ProcessStarts() is not null)
        {
            Then(total * 0.06, () => Enter(StartPhase.MetricsOnly));
            Then(total * 0.2, () => Exit(ExitKind.StartFailed));
            return;
        }

        var loading = (total * 0.6)
            + (Cluster.Faults.Bite(Id, FaultKind.SlowStart)?.Length ?? TimeSpan.Zero)
            + (_cleanCommitLog ? TimeSpan.Zero : Dice.Between(Key("replay"), 20, 60));
        Then(total * 0.06, () => Enter(StartPhase.MetricsOnly));
        Then(total * 0.10, () => Enter(StartPhase.RestListening));
        Then(total * 0.25, () => Enter(StartPhase.TokensKnown));
        Then(total * 0.35, () => Enter(StartPhase.Services));
        Then(loading, () => Enter(StartPhase.TablesLoaded));
        Then(loading + (total * 0.02), Ready);
        Then(loading + (total * 0.05), () => Become(OperationMode.Starting));
        Then(loading + (total * 0.15), () => Become(OperationMode.Joining));
        if (!IsMember || IsBanned || Ring is RingState.Bootstrapping or RingState.Replacing)
        {
            Then(loading + (total * 0.20), AskToJoin);
            return;
        }

        Then(loading + (total * 0.40), () => Become(OperationMode.Normal));
        Then(loading + (total * 0.40) + Dice.Between(Key("cql"), 0.5, 2), OpenCql);
    }

    private void Then(TimeSpan after, Action act) => _startSteps.Add(Cluster.Agenda.After(after, act));

    private void Enter(StartPhase phase)
    {
        Phase = phase;
        if (phase == StartPhase.TablesLoaded)
        {
            _cleanCommitLog = true;
        }

        Changed();
    }

    private void Ready()
    {
        Process = ProcessState.Running;
        Unit.ProcessReady();
        Changed();
    }

    private void Become(OperationMode mode)
    {
        Phase = StartPhase.Joining;
        Mode = mode;
        if (mode == OperationMode.Joining)
        {
            Gossiping = true;
            _cleanCommitLog = false;
            Cluster.Gossip.ObserverStarted(this);
        }

        if (mode == OperationMode.Normal)
        {
            _joined = true;
            Compactions.Burst(Now, Generation);
            if (Cluster.Faults.Bite(Id, FaultKind.CompactionsStuck) is { } stuck)
            {
                Compactions.Stick(Now, stuck.Length, Generation);
            }

            Cluster.Gossip.Returned(this, Cluster.Faults.Bite(Id, FaultKind.GossipLag)?.Length);
        }

        Changed();
    }

    private void OpenCql()
    {
        Phase = StartPhase.Serving;
        Cql = true;
        Changed();
        DieIfDoomed();
    }

    /// <summary>A node-dies fault that waits for this node bites as soon as it serves.</summary>
    public void DieIfDoomed()
    {
        if (Serves && Cluster.Faults.Bite(Id, FaultKind.NodeDies) is not null)
        {
            Kill(Cause.Nobody);
        }
    }
}

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>How a mutating call ended. <see cref="Reset"/>: the process went away under it and so did the connection.</summary>
internal sealed record CallOutcome(string? Error, bool Reset = false)
{
    public static CallOutcome Done { get; } = new(Error: null);

    public static CallOutcome ConnectionLost { get; } = new(null, Reset: true);

    public static CallOutcome Busy(string operation) => new($"std::runtime_error (Operation {operation} is in progress, try again)");
}

internal sealed partial class SimNode
{
    private readonly List<TaskCompletionSource<CallOutcome>> _waiting = [];
    private Pending? _stopStep;
    private bool _announced;
    private string? _lock;

    /// <summary>A drain-hangs fault holds the drain.</summary>
    public bool DrainHung { get; private set; }

    /// <summary>
    /// `POST /storage_service/drain` (facts/scylla.md 1.10): DRAINING and peers told at once, DRAINED after 2.0 to 2.5 s. On a DRAINED node
    /// a no-op; while another operation holds the node's lock an error.
    /// </summary>
    public Task<CallOutcome> DrainAsync(Cause cause)
    {
        if (Mode == OperationMode.Drained)
        {
            return Task.FromResult(CallOutcome.Done);
        }

        if (_lock is { } running)
        {
            return Task.FromResult(CallOutcome.Busy(running));
        }

        if (Process == ProcessState.Stopping)
        {
            return WaitForRunAsync();
        }

        _lock = "drain";
        CancelStartSteps();
        Mode = OperationMode.Draining;
        Cql = false;
        Cluster.Record(this, "drain", cause);
        AnnounceShutdown();
        if (Cluster.Faults.Bite(Id, FaultKind.DrainHangs) is not null)
        {
            DrainHung = true;
        }
        else
        {
            _stopStep = Cluster.Agenda.After(ShutdownTime(), FinishDrain);
        }

        Changed();
        return WaitForRunAsync();
    }

    /// <summary>Lets a hung drain go on to its end.</summary>
    public void ReleaseDrain()
    {
        if (DrainHung)
        {
            DrainHung = false;
            _stopStep = Cluster.Agenda.After(TimeSpan.FromSeconds(0.2), FinishDrain);
        }
    }

    /// <summary>`POST` and `DELETE /storage_service/gossiping`; both take the lock, and neither brings a drained node back.</summary>
    public CallOutcome SetGossip(bool on, Cause cause)
    {
        if (_lock is { } running)
        {
            return CallOutcome.Busy(running);
        }

        if (on == Gossiping || Mode != OperationMode.Normal || Process == ProcessState.Stopping)
        {
            return CallOutcome.Done;
        }

        Gossiping = on;
        _announced = !on;
        Cluster.Record(this, on ? "gossip-on" : "gossip-off", cause);
        if (on)
        {
            Cluster.Gossip.ObserverStarted(this);
            Cluster.Gossip.Returned(this, lag: null);
        }
        else
        {
            Cluster.Gossip.Announced(this);
        }

        Changed();
        return CallOutcome.Done;
    }

    /// <summary>`POST` and `DELETE /storage_service/native_transport`.</summary>
    public CallOutcome SetCql(bool on, Cause cause)
    {
        if (on != Cql && Mode == OperationMode.Normal && Process != ProcessState.Stopping)
        {
            Cql = on;
            Cluster.Record(this, on ? "cql-on" : "cql-off", cause);
            Changed();
        }

        return CallOutcome.Done;
    }

    private void FinishDrain()
    {
        Mode = OperationMode.Drained;
        Gossiping = false;
        _cleanCommitLog = true;
        _lock = null;
        AnswerWaiting(CallOutcome.Done);
        Changed();
        if (_exitAfterDrain)
        {
            ExitSoon();
        }
    }

    /// <summary>The end of the drain, or of the process, whichever comes first: one source, so that nobody resumes over the thread pool.</summary>
    private Task<CallOutcome> WaitForRunAsync()
    {
        var call = new TaskCompletionSource<CallOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(call);
        return call.Task;
    }

    private void AnswerWaiting(CallOutcome outcome)
    {
        _waiting.ForEach(call => call.TrySetResult(outcome));
        _waiting.Clear();
    }
}

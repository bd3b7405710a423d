using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>For a cluster of processes: each runs one node for real and keeps what the others say of themselves.</summary>
internal sealed partial class SimNode
{
    /// <summary>False: the next start has a commit log to replay.</summary>
    public bool IsCommitLogClean => _cleanCommitLog;

    /// <summary>The machine is there, scylla does not run.</summary>
    /// <param name="generation">Of its last start, 0 before the first.</param>
    /// <param name="isCommitLogClean">It was drained, or stopped in order.</param>
    public void BeginAbsent(long generation, bool isCommitLogClean)
    {
        Process = ProcessState.Stopped;
        Phase = StartPhase.Refused;
        Mode = null;
        Gossiping = Cql = _joined = _announced = false;
        Generation = generation;
        _cleanCommitLog = isCommitLogClean;
        Changed();
    }

    /// <summary>A node of another process, as it said it is.</summary>
    public void Mirror(PeerState said)
    {
        var isNew = said.Generation != Generation || said.Mode != Mode || said.Gossiping != Gossiping || said.Cql != Cql || said.Joined != _joined;
        Process = ProcessState.Running;
        Phase = StartPhase.Serving;
        Mode = said.Mode;
        Gossiping = said.Gossiping;
        Cql = said.Cql;
        _joined = said.Joined;
        _announced = false;
        Generation = said.Generation;
        ProcessStart = said.ProcessStart;
        if (isNew)
        {
            Changed();
        }
    }

    /// <summary>A node of another process does not answer. What gossip knew of it stays known until its failure detector gives up.</summary>
    public void Silent()
    {
        if (Mode is not null)
        {
            Mode = null;
            Changed();
        }
    }

    /// <summary>A node of another process said that it stops, or the failure detector gave up on it.</summary>
    public void Left()
    {
        if (!_announced || Mode is not null)
        {
            _announced = true;
            Cql = false;
            Mode = null;
            Changed();
        }
    }
}

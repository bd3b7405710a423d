namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One node: its scylla process, mode and locks (facts/scylla.md 1.3, 1.4, 1.10, 5). Used inside the agenda only.</summary>
internal sealed partial class SimNode
{
    private readonly List<Pending> _startSteps = [];
    private TaskCompletionSource _runEnded = NewSignal();
    private bool _cleanCommitLog = true;

    public SimNode(NodeIdentity id, SimCluster cluster, bool isSpare = false)
    {
        Id = id;
        Cluster = cluster;
        Unit = new ScyllaUnit(this);
        Compactions = new Compactions(cluster.Dice, id.Name);
        Store = new NodeStore(this);
        Repairs = new Repairs(this);
        Ring = isSpare ? RingState.None : RingState.Normal;
        Machine = new Machine(this);
        if (isSpare)
        {
            BeginAsSpare();
            Machine.Files.BeginWithoutData();
        }
        else
        {
            BeginAsFound();
        }
    }

    public NodeIdentity Id { get; private set; }

    public SimCluster Cluster { get; }

    public ScyllaUnit Unit { get; }

    public Compactions Compactions { get; }

    public NodeStore Store { get; }

    public Repairs Repairs { get; }

    /// <summary>What lies below scylla and outlasts its process.</summary>
    public Machine Machine { get; }

    public ProcessState Process { get; private set; }

    public StartPhase Phase { get; private set; }

    /// <summary>Null until the join begins, and when no process runs.</summary>
    public OperationMode? Mode { get; private set; }

    /// <summary>`GET /storage_service/gossiping`.</summary>
    public bool Gossiping { get; private set; }

    /// <summary>`GET /storage_service/native_transport`: the CQL server listens.</summary>
    public bool Cql { get; private set; }

    /// <summary>Unix seconds of the last start (virtual); a start within the same second still gets a higher one.</summary>
    public long Generation { get; private set; }

    public DateTimeOffset ProcessStart { get; private set; }

    /// <summary>When anything above last changed.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Counts process starts; whoever waits for something of this run remembers it.</summary>
    public int Run { get; private set; }

    /// <summary>Ends with the present process.</summary>
    public Task RunEnded => _runEnded.Task;

    /// <summary>Peers can find it: it has joined, gossips, and has not announced its shutdown.</summary>
    public bool Visible => Gossiping && _joined && !_announced;

    /// <summary>Hears gossip, so its view of others changes.</summary>
    public bool Hears => Gossiping && !_announced;

    /// <summary>Answers clients and coordinators: NORMAL (or LEAVING, which changes nothing for them), CQL open, process running.</summary>
    public bool Serves => Process == ProcessState.Running && Mode is OperationMode.Normal or OperationMode.Leaving && Cql;

    /// <summary>A drain ends with compaction stopped.</summary>
    public int RunningCompactions => Mode == OperationMode.Drained ? 0 : Compactions.Running(Now);

    public int PendingCompactions => Compactions.Pending(Now);

    private DateTimeOffset Now => Cluster.Agenda.Now;

    private Dice Dice => Cluster.Dice;

    private string Key(string what) => $"{Id.Name}/{what}/{Generation}";

    /// <summary>The state before anybody touched the cluster: up for days.</summary>
    private void BeginAsFound()
    {
        ProcessStart = Now - Dice.Between(Id.Name + "/uptime", 86_400, 30 * 86_400);
        Generation = ProcessStart.ToUnixTimeSeconds();
        Process = ProcessState.Running;
        Phase = StartPhase.Serving;
        Mode = OperationMode.Normal;
        Gossiping = _joined = Cql = true;
        Since = ProcessStart;
        Run = 1;
        Machine.ProcessStarts();
    }

    private void Changed()
    {
        Since = Now;
        Cluster.NodeChanged(this);
    }

    private void CancelStartSteps()
    {
        _startSteps.ForEach(step => step.Cancel());
        _startSteps.Clear();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

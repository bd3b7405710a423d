namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One topology request at work: what stands in its way, its phases, and how it is undone.</summary>
internal abstract class TopologyWork
{
    private readonly List<Action<string?>> _whenEnded = [];
    private readonly List<Pending> _steps = [];

    protected TopologyWork(SimCluster cluster, TopologyRequest request, string taskType)
    {
        (Cluster, Request) = (cluster, request);
        Task = new SimTask(request.Id, null, "node_ops", taskType, "cluster")
        {
            Entity = request.Node.Id.HostId.ToString(), StartedAt = cluster.Agenda.Now, OnAbort = () => cluster.Topology.Fail(this, "aborted by user"),
        };
    }

    public TopologyRequest Request { get; }

    public SimTask Task { get; }

    /// <summary>Vnode ranges stream: from here on no abort, and whoever restarts breaks it (facts 7.39).</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>`transition_state` while it is at work.</summary>
    public string Transition { get; protected set; } = "tablet migration";

    /// <summary>As `/stream_manager` calls it.</summary>
    public abstract string StreamName { get; }

    protected SimCluster Cluster { get; }

    protected SimNode Subject => Request.Node;

    /// <summary>Why the coordinator refuses it; null: it does not.</summary>
    public abstract string? WhyRejected();

    public abstract void Begin();

    /// <summary>Everything as before, except for bans.</summary>
    public abstract void Undo();

    /// <summary>Told how it ended: null, or what went wrong.</summary>
    public void WhenEnded(Action<string?> act) => _whenEnded.Add(act);

    public void End(string? error)
    {
        _steps.ForEach(step => step.Cancel());
        IsStreaming = false;
        Request.End = Cluster.Agenda.Now;
        Request.Error = error ?? "";
        Task.End(Cluster.Agenda.Now, error);
        _whenEnded.ForEach(act => act(error));
    }

    /// <summary>Dead members that the work would need: excluded ones do not count.</summary>
    protected string? WhyDead(params SimNode?[] except) => Cluster.Nodes.Any(node =>
        !node.IsExcluded && !except.Contains(node) && !node.Hears) ? "request canceled because some required nodes are dead" : null;

    /// <summary>Streams the vnode ranges to the ring to come, and switches to it.</summary>
    protected void Stream(IEnumerable<SimNode> owners, Action switched)
    {
        Task.Abortable = false;
        IsStreaming = true;
        Transition = "write both read old";
        Cluster.StreamTo(owners);
        var length = Cluster.Dice.Between($"{Subject.Id.Name}/{Request.Type}/{Subject.Run}", 30, 60);
        if (Request.Type is "join" or "replace" && Cluster.Faults.Bite(Subject.Id, FaultKind.JoinHangs) is { } hangs)
        {
            length += hangs.Length;
        }

        Task.Length = length;
        Then(length * 0.8, () => Transition = "write both read new");
        Then(length, () =>
        {
            IsStreaming = false;
            Transition = "left token ring";
            switched();
        });
    }

    protected void Then(TimeSpan after, Action act) => _steps.Add(Cluster.Agenda.After(after, act));

    protected void Finish() => Cluster.Topology.Finish(this);
}

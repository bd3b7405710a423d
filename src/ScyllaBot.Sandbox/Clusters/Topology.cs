namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// The topology coordinator (facts/scylla.md 1.11, 1.12, 4.6): requests are queued and worked off one after another; tablets follow later.
/// Used inside the agenda only.
/// </summary>
internal sealed partial class Topology(SimCluster cluster)
{
    private static readonly TimeSpan _toAccept = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _toClean = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _raftTimeout = TimeSpan.FromSeconds(60);

    private readonly List<TopologyWork> _queue = [];
    private readonly List<TopologyRequest> _requests = [];
    private readonly List<Action> _whenQuiet = [];

    /// <summary>History and queue, as `system.topology_requests`.</summary>
    public IReadOnlyList<TopologyRequest> Requests => _requests;

    /// <summary>Null: none is at work, though some may wait.</summary>
    public TopologyWork? Current { get; private set; }

    /// <summary>No request is at work or waits.</summary>
    public bool IsIdle => Current is null && _queue.Count == 0;

    /// <summary>`transition_state`; null = idle.</summary>
    public string? TransitionState => Current?.Transition ?? (cluster.Tablets.IsMoving ? "tablet migration" : null);

    /// <summary>A fresh process asks to become a member.</summary>
    public void Join(SimNode node, Guid? replaces)
    {
        var old = replaces is { } host ? cluster.Nodes.FirstOrDefault(member => member.Id.HostId == host) : null;
        Submit(new JoinWork(cluster, Request(replaces is null ? "join" : "replace", node, node), old, replaces));
    }

    /// <summary>`POST /storage_service/decommission`.</summary>
    public Task<CallOutcome> DecommissionAsync(SimNode node, Cause cause)
    {
        if (node.Mode != OperationMode.Normal)
        {
            var mode = node.Mode?.ToString().ToUpperInvariant() ?? "STARTING";
            return Refused($"Node in {mode} state; wait for status to become normal or restart");
        }

        if (cluster.Nodes.Length == 1)
        {
            return Refused("Cannot decommission last node in the cluster");
        }

        if (node.TryLock("decommission") is { } running)
        {
            return Task.FromResult(CallOutcome.Busy(running));
        }

        var work = new LeaveWork(cluster, Request("leave", node, node), isDead: false, []);
        return RunAsync(work, "decommission", "Decommission failed", cause, node.Unlock);
    }

    /// <summary>`POST /storage_service/rebuild`.</summary>
    public Task<CallOutcome> RebuildAsync(SimNode node, string? sourceDc, Cause cause)
    {
        if (node.TryLock("rebuild") is { } running)
        {
            return Task.FromResult(CallOutcome.Busy(running));
        }

        return RunAsync(new RebuildWork(cluster, Request("rebuild", node, node), sourceDc), "rebuild", "Rebuild failed", cause, node.Unlock);
    }

    /// <summary>`POST /storage_service/remove_node`, asked of <paramref name="asked"/>, judged by its view of who is alive.</summary>
    public Task<CallOutcome> RemoveAsync(SimNode asked, Guid host, IReadOnlyList<Guid> ignore, Cause cause)
    {
        if (cluster.Nodes.FirstOrDefault(node => node.Id.HostId == host) is not { } dead)
        {
            return Refused($"removenode: host id {host} is not found in the cluster");
        }

        if (_requests.Exists(request => !request.Done && request.Node == dead && request.Type is "remove"))
        {
            return Refused("Concurrent request for removal already in progress");
        }

        if (dead.Ring != RingState.Normal)
        {
            return Refused($"removenode: node {host} is in '{dead.Ring.ToString().ToLowerInvariant()}' state. Wait for it to be in 'normal' state");
        }

        if (cluster.Gossip.SeesUp(asked, dead))
        {
            return Refused(
                $"removenode: Rejected removenode operation for node {host}; the node being removed is alive, maybe you should use decommission instead?");
        }

        var ignored = cluster.Nodes.Where(node => ignore.Contains(node.Id.HostId)).ToArray();
        if (ignored.Length < ignore.Count || Array.Find(ignored, node => cluster.Gossip.SeesUp(asked, node)) is not null)
        {
            return Refused($"removenode: Rejected removenode operation for node {host}; a node to ignore is alive or not found in the cluster");
        }

        var work = new LeaveWork(cluster, Request("remove", dead, asked), isDead: true, ignored);
        return RunAsync(work, "remove-node", "Removenode failed", cause, () => { });
    }

    /// <summary>Pending cleanup comes before a node leaves: the coordinator does it (1.11).</summary>
    public void CleanUp(Action done)
    {
        var dirty = cluster.Owners.Where(node => node.Cleanup != CleanupStatus.Clean).ToArray();
        if (dirty.Length == 0)
        {
            done();
            return;
        }

        Array.ForEach(dirty, node => node.Cleanup = CleanupStatus.Running);
        cluster.Agenda.After(_toClean, () =>
        {
            Array.ForEach(dirty, node => node.Cleanup = CleanupStatus.Clean);
            done();
        });
    }

    /// <summary>Calls back when no request and no migration is in flight; new ones may come right after.</summary>
    public void WhenQuiet(Action act)
    {
        _whenQuiet.Add(act);
        TellQuiet();
    }

    private TopologyRequest Request(string type, SimNode node, SimNode initiator) => new(
        cluster.Dice.Uuid($"request/{type}/{node.Id.Name}/{_requests.Count}"), type, node, initiator, cluster.Agenda.Now);

    private static Task<CallOutcome> Refused(string text) => Task.FromResult(new CallOutcome($"std::runtime_error ({text})"));

    /// <summary>The answer of a blocking call; the work goes on whoever listens.</summary>
    private Task<CallOutcome> RunAsync(TopologyWork work, string effect, string failure, Cause cause, Action unlock)
    {
        var asked = work.Request.Initiator;
        var answer = new TaskCompletionSource<CallOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.WhenExited(() => answer.TrySetResult(CallOutcome.ConnectionLost));
        if (!cluster.Raft.HasMajority)
        {
            cluster.Agenda.After(_raftTimeout, () =>
            {
                unlock();
                answer.TrySetResult(new CallOutcome("service::raft_operation_timeout_error (group [group0] raft operation [add_entry] timed out)"));
            });
            return answer.Task;
        }

        work.WhenEnded(error =>
        {
            unlock();
            answer.TrySetResult(error switch
            {
                null => CallOutcome.Done,
                _ when error.Contains("rejected", StringComparison.Ordinal) => new CallOutcome($"std::runtime_error ({failure}: {error})"),
                _ => new CallOutcome($"std::runtime_error ({failure}. See earlier errors ({error}). Request ID: {work.Request.Id})"),
            });
        });
        cluster.Record(work.Request.Node, effect, cause);
        Submit(work);
        return answer.Task;
    }

    private void Submit(TopologyWork work)
    {
        _requests.Add(work.Request);
        _queue.Add(work);
        cluster.Tasks.Begin(work.Task);
        cluster.Agenda.After(_toAccept, TakeNext);
    }

    private void TakeNext()
    {
        if (Current is not null || _queue.Count == 0)
        {
            return;
        }

        if (!cluster.Raft.HasMajority)
        {
            cluster.Agenda.After(_toAccept, TakeNext);
            return;
        }

        var next = _queue[0];
        if (next.WhyRejected() is { } why)
        {
            Fail(next, why);
            return;
        }

        _queue.RemoveAt(0);
        Current = next;
        next.Begin();
        cluster.NodeChanged(next.Request.Node);
    }

    private void After()
    {
        cluster.Agenda.After(_toAccept, TakeNext);
        cluster.Tablets.Look();
        TellQuiet();
    }

    private void TellQuiet()
    {
        if (!IsIdle)
        {
            return;
        }

        cluster.Tablets.WhenIdle(() =>
        {
            if (!IsIdle)
            {
                return;
            }

            var waiting = _whenQuiet.ToArray();
            _whenQuiet.Clear();
            Array.ForEach(waiting, act => act());
        });
    }
}

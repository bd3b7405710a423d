namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A long operation as the task manager lists it (facts/scylla.md 1.15).</summary>
internal sealed class SimTask(Guid id, SimNode? node, string module, string type, string scope)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly List<Action> _whenEnded = [];

    public Guid Id => id;

    /// <summary>Null: a cluster task, seen from every node (kind `cluster`).</summary>
    public SimNode? Node => node;

    public string Module => module;

    public string Type => type;

    public string Scope => scope;

    public string Keyspace { get; init; } = "";

    public string Table { get; init; } = "";

    public string Entity { get; init; } = "";

    public int Sequence { get; init; }

    public bool Abortable { get; set; }

    /// <summary>What `abort_task` does besides ending it; null: nothing.</summary>
    public Action? OnAbort { get; init; }

    /// <summary>How long it takes as planned; 0: not known, and then no progress is told.</summary>
    public TimeSpan Length { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>`created`, `running`, `done` or `failed`.</summary>
    public string State { get; private set; } = "running";

    public string Error { get; private set; } = "";

    /// <summary>Completes when it is done or failed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends later, as failed, by whoever does the work; at once where nobody else has a hand in it.</summary>
    public void Abort()
    {
        AbortAsked = true;
        OnAbort?.Invoke();
    }

    public bool AbortAsked { get; private set; }

    public void End(DateTimeOffset at, string? error = null)
    {
        if (EndedAt is null)
        {
            (EndedAt, State, Error) = (at, error is null ? "done" : "failed", error ?? "");
            _ended.TrySetResult();
            _whenEnded.ForEach(act => act());
            _whenEnded.Clear();
        }
    }

    /// <summary>Called when it ends, inside the agenda; at once when it has. So a waiter needs one source and resumes on no thread of its own.</summary>
    public void WhenEnded(Action act)
    {
        if (EndedAt is null)
        {
            _whenEnded.Add(act);
        }
        else
        {
            act();
        }
    }
}

/// <summary>All long operations of one cluster. Used inside the agenda only.</summary>
internal sealed class TaskBook(SimCluster cluster)
{
    private readonly List<SimTask> _tasks = [];

    /// <summary>`user_task_ttl_in_seconds`.</summary>
    public TimeSpan Ttl { get; set; } = TimeSpan.FromHours(1);

    public IReadOnlyList<SimTask> All => _tasks;

    public IEnumerable<SimTask> Running => _tasks.Where(task => task.EndedAt is null);

    /// <summary>Begins one. It ends by <paramref name="work"/>, which is called when <paramref name="length"/> is over and says what went wrong, or null.</summary>
    public SimTask Start(SimTask task, TimeSpan length, Func<string?> work)
    {
        _tasks.Add(task);
        task.Length = length;
        cluster.Agenda.After(length, () =>
        {
            if (task.EndedAt is null)
            {
                task.End(cluster.Agenda.Now, task.AbortAsked ? "abort requested" : work());
            }
        });
        return task;
    }

    /// <summary>Lists one whose end somebody else brings about.</summary>
    public SimTask Begin(SimTask task)
    {
        _tasks.Add(task);
        return task;
    }

    /// <summary>What a node lists: cluster tasks and its own, running or ended within the time to live.</summary>
    public IEnumerable<SimTask> SeenFrom(SimNode node) =>
        _tasks.Where(task => (task.Node is null || task.Node == node) && (task.EndedAt is not { } end || cluster.Agenda.Now - end < Ttl));

    /// <summary>`POST /task_manager/drain/{module}`: ended node tasks are forgotten.</summary>
    public void Forget(SimNode node, string module) =>
        _tasks.RemoveAll(task => task.Node == node && task.EndedAt is not null && string.Equals(task.Module, module, StringComparison.Ordinal));

    public SimTask? Find(Guid id) => _tasks.Find(task => task.Id == id);

    /// <summary>The node's process ended: what only it knew is gone, what ran there failed.</summary>
    public void ProcessEnded(SimNode node)
    {
        foreach (var task in _tasks.Where(task => task.Node == node))
        {
            task.End(cluster.Agenda.Now, "the node was stopped");
        }

        _tasks.RemoveAll(task => task.Node == node);
    }
}

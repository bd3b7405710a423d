namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A long operation as the task manager lists it (facts/scylla.md 1.15).</summary>
internal sealed class SimTask(Guid id, SimNode? node, string module, string type, string scope)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>`created`, `running`, `done` or `failed`.</summary>
    public string State { get; private set; } = "running";

    public string Error { get; private set; } = "";

    /// <summary>Completes when it is done or failed.</summary>
    public Task Ended => _ended.Task;

    public void End(DateTimeOffset at, string? error = null)
    {
        if (EndedAt is null)
        {
            (EndedAt, State, Error) = (at, error is null ? "done" : "failed", error ?? "");
            _ended.TrySetResult();
        }
    }
}

/// <summary>All long operations of one cluster. Used inside the agenda only.</summary>
internal sealed class TaskBook(SimCluster cluster)
{
    private readonly List<SimTask> _tasks = [];

    public IReadOnlyList<SimTask> All => _tasks;

    public IEnumerable<SimTask> Running => _tasks.Where(task => task.EndedAt is null);

    /// <summary>Begins one. It ends by <paramref name="work"/>, which is called when <paramref name="length"/> is over and says what went wrong, or null.</summary>
    public SimTask Start(SimTask task, TimeSpan length, Func<string?> work)
    {
        _tasks.Add(task);
        cluster.Agenda.After(length, () =>
        {
            if (task.EndedAt is null)
            {
                task.End(cluster.Agenda.Now, work());
            }
        });
        return task;
    }

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

using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.ScyllaManager;

/// <summary>What the Manager has to do for one cluster, and its suspension (facts/scylla.md 6.2, 6.3).</summary>
internal sealed class ManagerTasks
{
    private readonly SimCluster _cluster;
    private readonly List<ManagerTask> _tasks = [];
    private readonly Dictionary<ManagerRun, RepairRun> _repairs = [];
    private readonly List<ManagerTask> _stoppedBySuspend = [];
    private readonly List<ManagerTask> _missed = [];
    private int _ids;

    public ManagerTasks(SimCluster cluster)
    {
        _cluster = cluster;
        foreach (var (name, every) in new[] { ("cql", "@every 15s"), ("rest", "@every 1m"), ("alternator", "@every 15s") })
        {
            _tasks.Add(new ManagerTask(NewId("task"), "healthcheck")
            {
                Name = name, Schedule = new JsonObject { ["cron"] = every }, Properties = new JsonObject { ["mode"] = name },
            });
        }

        var weekly = new ManagerTask(NewId("task"), "repair")
        {
            Name = "all-weekly",
            Schedule = new JsonObject
            {
                ["cron"] = """{"spec":"0 23 * * SAT","start_date":"0001-01-01T00:00:00Z"}""", ["timezone"] = "UTC", ["num_retries"] = 3, ["retry_wait"] = "10m",
            },
            Properties = new JsonObject { ["keyspace"] = new JsonArray("*", "!system_traces") },
        };
        _tasks.Add(weekly);
        PlanWeekly(weekly);
    }

    public IReadOnlyList<ManagerTask> All => _tasks;

    public bool Suspended { get; private set; }

    /// <summary>Its Swagger type, which a suspension lets run; empty for none.</summary>
    public string Allowed { get; private set; } = "";

    private DateTimeOffset Now => _cluster.Agenda.Now;

    public ManagerTask? Find(string type, string id) =>
        _tasks.Find(task => task.Type == type && string.Equals(task.Id.ToString(), id, StringComparison.OrdinalIgnoreCase));

    public ManagerTask Add(string type, Action<ManagerTask> fill)
    {
        var task = new ManagerTask(NewId("task"), type);
        fill(task);
        _tasks.Add(task);
        return task;
    }

    public void Remove(ManagerTask task) => _tasks.Remove(task);

    /// <summary>False: it runs already.</summary>
    public bool Start(ManagerTask task)
    {
        if (task.IsActive)
        {
            return false;
        }

        var run = new ManagerRun(NewId("run"), Now) { Units = task.Type is "repair" or "tablet_repair" ? RepairRun.UnitsOf(_cluster, task) : [] };
        task.Runs.Add(run);
        var work = new RepairRun(_cluster, run);
        _repairs.Add(run, work);
        work.Begin();
        return true;
    }

    public void Stop(ManagerTask task)
    {
        if (task.Runs is [.., { Status: "RUNNING" } run])
        {
            _repairs[run].Stop();
        }
    }

    /// <summary>The refusal when something runs and the policy says to leave it; null when it is suspended now.</summary>
    public string? Suspend(string? allowed, bool failIfRunning)
    {
        var running = _tasks.Where(task => task.IsActive && task.Type is not "healthcheck" && task.Type != allowed).ToArray();
        if (failIfRunning && running.Length > 0)
        {
            return $"can't suspend cluster: tasks are running: {string.Join(", ", running.Select(task => $"{task.Type}/{task.Id}"))}";
        }

        foreach (var task in running)
        {
            _stoppedBySuspend.Add(task);
            Stop(task);
        }

        (Suspended, Allowed) = (true, allowed ?? "");
        return null;
    }

    public void Resume(bool startTasks, bool startMissed)
    {
        Suspended = false;
        Allowed = "";
        foreach (var task in startTasks ? _stoppedBySuspend : [])
        {
            Start(task);
        }

        foreach (var task in _missed.Where(t => startMissed && t.Enabled && _tasks.Contains(t)).ToArray())
        {
            Start(task);
        }

        _stoppedBySuspend.Clear();
        _missed.Clear();
    }

    /// <summary>Saturdays at 23:00 UTC; one that falls into a suspension is missed.</summary>
    private void PlanWeekly(ManagerTask task)
    {
        var day = Now.UtcDateTime.Date.AddHours(23);
        while (day.DayOfWeek != DayOfWeek.Saturday || day <= Now.UtcDateTime)
        {
            day = day.AddDays(1);
        }

        task.Next = new DateTimeOffset(day, TimeSpan.Zero);
        _cluster.Agenda.After(task.Next.Value - Now, () =>
        {
            if (task.Enabled && !Suspended && _tasks.Contains(task))
            {
                Start(task);
            }
            else if (Suspended && !_missed.Contains(task))
            {
                _missed.Add(task);
            }

            PlanWeekly(task);
        });
    }

    private Guid NewId(string what) => _cluster.Dice.Uuid($"{_cluster.Name}/manager/{what}/{++_ids}");
}

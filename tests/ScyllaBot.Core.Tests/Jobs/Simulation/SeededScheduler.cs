namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>Runs tasks on the thread that drives it, one at a time, the next one chosen by a seed. A dead one drops everything: a crash.</summary>
internal sealed class SeededScheduler(Random random) : TaskScheduler
{
    private readonly List<Task> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override int MaximumConcurrencyLevel => 1;

    public bool IsDead { get; private set; }

    /// <summary>Where something left the thread: whoever drives it must fail.</summary>
    public string? Stray { get; private set; }

    /// <returns>False when nothing is ready.</returns>
    public bool RunOne()
    {
        if (_ready.Count == 0)
        {
            return false;
        }

        var chosen = random.Next(_ready.Count);
        var task = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        TryExecuteTask(task);
        return true;
    }

    public void Kill()
    {
        IsDead = true;
        _ready.Clear();
    }

    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Stray ??= Environment.StackTrace;
        }
        else if (!IsDead)
        {
            _ready.Add(task);
        }
    }

    // Never on the stack of whoever made it ready: the seed decides the order.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}

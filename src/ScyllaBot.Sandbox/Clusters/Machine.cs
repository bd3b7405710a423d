namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// What lies below scylla and outlasts its process: files, packages, units, timers, journal, clock. A reboot ends what runs and changes
/// the boot id; files and packages stay. Used inside the agenda only.
/// </summary>
internal sealed class Machine
{
    private readonly SimNode _node;
    private readonly List<TaskCompletionSource<CommandResult>> _running = [];
    private int _boots;

    public Machine(SimNode node)
    {
        _node = node;
        BootId = node.Cluster.Dice.Uuid(node.Id.Name + "/boot");
        BootedAt = node.Cluster.Agenda.Now - node.Cluster.Dice.Between(node.Id.Name + "/machine", 31 * 86_400, 90 * 86_400);
        Journal = new Journal(node);
        Files = new MachineFiles(node);
        Packages = new PackageStore(node);
        Units = new MachineUnits(node);
        Timers = new TransientTimers(node);
        Config = new ScyllaConfig(node, Files, Journal);
        Loggers = new LoggerLevels(node);
    }

    public Guid BootId { get; private set; }

    public DateTimeOffset BootedAt { get; private set; }

    /// <summary>False for one that was not made yet, or that was destroyed: nobody ever reaches it.</summary>
    public bool Exists { get; private set; } = true;

    /// <summary>False between the end of the last shutdown and the next boot: nothing answers.</summary>
    public bool IsUp { get; private set; } = true;

    public bool IsShuttingDown { get; private set; }

    /// <summary>How far its clock is from true time, in seconds; a test sets it.</summary>
    public double ClockOffset { get; set; } = 0.000_012;

    /// <summary>On how many shards scylla runs; another machine type would be another number. A test sets it.</summary>
    public int Shards { get; set; } = 2;

    /// <summary>No chronyd runs here.</summary>
    public bool HasChrony { get; set; } = true;

    public Journal Journal { get; }

    public MachineFiles Files { get; }

    public PackageStore Packages { get; }

    public MachineUnits Units { get; }

    public TransientTimers Timers { get; }

    public ScyllaConfig Config { get; }

    public LoggerLevels Loggers { get; }

    /// <summary>What the running (or last) scylla process says it is.</summary>
    public string RunningVersion { get; private set; } = PackageStore.ScyllaFound;

    /// <summary>A command that takes its time; what it does, it does at the end. One that the machine goes down under never ends.</summary>
    public Task<CommandResult> Work(TimeSpan length, Func<CommandResult> act)
    {
        var end = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Add(end);
        _node.Cluster.Agenda.After(length, () =>
        {
            if (_running.Remove(end))
            {
                end.TrySetResult(act());
            }
        });
        return end.Task;
    }

    /// <summary>`systemctl reboot`: units are stopped in order, scylla with all the patience of its stop; then the machine is away for a while.</summary>
    public void Reboot(Cause cause)
    {
        if (IsShuttingDown || !IsUp)
        {
            return;
        }

        IsShuttingDown = true;
        _node.Cluster.Record(_node, "reboot", cause);
        if (_node.Unit.ActiveState is "inactive" or "failed")
        {
            GoDownSoon(cause);
        }
        else
        {
            _ = _node.Unit.StopAsync(cause);
        }
    }

    /// <summary>It is made: booted, Scylla installed, nothing on its disks.</summary>
    public void Appear()
    {
        (Exists, IsUp, BootedAt) = (true, true, _node.Cluster.Agenda.Now);
        BootId = _node.Cluster.Dice.Uuid($"{_node.Id.Name}/boot/{++_boots}");
        Journal.Add("kernel", "Linux version 6.1.0");
    }

    /// <summary>It is gone with its disks, or not made yet; the process has ended before.</summary>
    public void Vanish()
    {
        (Exists, IsUp) = (false, false);
        Timers.Clear();
        _running.ForEach(command => command.TrySetResult(CommandResult.Gone));
        _running.Clear();
        Files.BeginWithoutData();
    }

    /// <summary>The scylla process ended.</summary>
    public void ProcessEnded()
    {
        Config.ProcessEnded();
        Loggers.ProcessEnded();
        if (IsShuttingDown && IsUp)
        {
            GoDownSoon(Cause.Nobody);
        }
    }

    /// <summary>A scylla process begins: it is what the packages now hold, and reads its file.</summary>
    /// <returns>Why it can not start; null when it can.</returns>
    public string? ProcessStarts()
    {
        RunningVersion = Packages.Scylla;
        return Config.Load();
    }

    private void GoDownSoon(Cause cause) => _node.Cluster.Agenda.After(TimeSpan.FromSeconds(2), () =>
    {
        IsUp = false;
        Timers.Clear();
        _running.ForEach(command => command.TrySetResult(CommandResult.Gone));
        _running.Clear();
        _node.Cluster.Agenda.After(_node.Cluster.Dice.Between($"{_node.Id.Name}/reboot/{_boots}", 30, 60), () => Boot(cause));
    });

    private void Boot(Cause cause)
    {
        if (!Exists)
        {
            return;
        }

        IsUp = true;
        IsShuttingDown = false;
        BootedAt = _node.Cluster.Agenda.Now;
        BootId = _node.Cluster.Dice.Uuid($"{_node.Id.Name}/boot/{++_boots}");
        Units.Booted();
        Journal.Add("kernel", "Linux version 6.1.0");
        if (Units.IsEnabled(ScyllaUnit.Name))
        {
            _ = _node.Unit.StartAsync(cause, "start");
        }
    }
}

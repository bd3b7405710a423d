namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a command on a node printed and how it ended.</summary>
internal sealed record CommandResult(int Exit, string Output)
{
    public static CommandResult Ok { get; } = new(0, "");

    /// <summary>No end at all: the machine went down while it ran.</summary>
    public static CommandResult Gone { get; } = new(-1, "the machine went down");
}

/// <summary>
/// `scylla-server.service` as systemd runs it (facts/scylla.md 5.4): Type=notify, so a start returns at READY, before NORMAL and CQL;
/// a stop waits 900 s for an orderly end and then kills.
/// </summary>
internal sealed class ScyllaUnit(SimNode node)
{
    public const string Name = "scylla-server.service";

    private static readonly TimeSpan _timeoutStop = TimeSpan.FromSeconds(900);

    private readonly List<TaskCompletionSource<CommandResult>> _starts = [];
    private readonly List<TaskCompletionSource<CommandResult>> _stops = [];
    private Pending? _killTimer;
    private (Cause Cause, string Kind)? _startAfterStop;

    public string ActiveState { get; private set; } = "active";

    public string SubState { get; private set; } = "running";

    /// <summary>`success`, `exit-code`, `signal` or `timeout`.</summary>
    public string Result { get; private set; } = "success";

    /// <summary>As on a machine that was set up and not started yet.</summary>
    public void NeverStarted() => Set("inactive", "dead", "success");

    /// <summary>`systemctl start`. <paramref name="kind"/> names the effect: start, or power-on by an operator's hand.</summary>
    public Task<CommandResult> StartAsync(Cause cause, string kind)
    {
        switch (ActiveState)
        {
            case "active":
                return Task.FromResult(CommandResult.Ok);
            case "activating":
                return Wait(_starts);
            case "deactivating":
                _startAfterStop ??= (cause, kind);
                return Wait(_starts);
            default:
                var started = Wait(_starts);
                Launch(cause, kind);
                return started;
        }
    }

    /// <summary>`systemctl stop`. Like the real one it exits 0 also when the process had to be killed; only Result tells.</summary>
    public Task<CommandResult> StopAsync(Cause cause)
    {
        if (ActiveState is "inactive" or "failed")
        {
            return Task.FromResult(CommandResult.Ok);
        }

        _startAfterStop = null;
        Answer(_starts, new CommandResult(1, $"Job for {Name} canceled."));
        var stopped = Wait(_stops);
        if (!string.Equals(ActiveState, "deactivating", StringComparison.Ordinal))
        {
            Set("deactivating", "stop-sigterm", "success");
            node.Cluster.Record(node, "stop", cause);
            _killTimer = node.Cluster.Agenda.After(_timeoutStop, () =>
            {
                node.Cluster.Record(node, "kill", cause);
                node.Exit(ExitKind.StopTimedOut);
            });
            node.Terminate();
        }

        return stopped;
    }

    /// <summary>`systemctl restart`: a stop, and a start in the same job.</summary>
    public Task<CommandResult> RestartAsync(Cause cause)
    {
        _ = StopAsync(cause);
        return StartAsync(cause, "start");
    }

    /// <summary>The process sent READY=1.</summary>
    public void ProcessReady()
    {
        Set("active", "running", "success");
        Answer(_starts, CommandResult.Ok);
    }

    public void ProcessExited(ExitKind kind)
    {
        _killTimer?.Cancel();
        _killTimer = null;
        switch (kind)
        {
            case ExitKind.Clean:
                Set("inactive", "dead", "success");
                break;
            case ExitKind.StartFailed:
                Set("failed", "failed", "exit-code");
                break;
            case ExitKind.Killed:
                // The real unit has Restart=on-abnormal. Here a killed node stays down, as one would that crashes at every start.
                Set("failed", "failed", "signal");
                break;
            default:
                Set("failed", "failed", "timeout");
                break;
        }

        Answer(_stops, CommandResult.Ok);
        if (_startAfterStop is { } next)
        {
            _startAfterStop = null;
            Launch(next.Cause, next.Kind);
            return;
        }

        Answer(_starts, new CommandResult(1, FailureText(kind)));
    }

    private void Launch(Cause cause, string kind)
    {
        Set("activating", "start", "success");
        node.Cluster.Record(node, kind, cause);
        node.StartProcess();
    }

    private static string FailureText(ExitKind kind)
    {
        var why = kind switch
        {
            ExitKind.StartFailed => "the control process exited with error code",
            ExitKind.StopTimedOut => "a timeout was exceeded",
            _ => "a fatal signal was delivered to the control process",
        };
        var journal = kind == ExitKind.StartFailed
            ? "\nscylla[4211]:  [shard 0:main] init - Startup failed: std::runtime_error (sandbox fault: start-fails)"
            : "";
        return $"Job for {Name} failed because {why}.\n"
            + $"See \"systemctl status {Name}\" and \"journalctl -xeu {Name}\" for details.{journal}";
    }

    private void Set(string active, string sub, string result) => (ActiveState, SubState, Result) = (active, sub, result);

    private static Task<CommandResult> Wait(List<TaskCompletionSource<CommandResult>> waiters)
    {
        var waiter = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiters.Add(waiter);
        return waiter.Task;
    }

    private static void Answer(List<TaskCompletionSource<CommandResult>> waiters, CommandResult result)
    {
        var waiting = waiters.ToArray();
        waiters.Clear();
        Array.ForEach(waiting, waiter => waiter.TrySetResult(result));
    }
}

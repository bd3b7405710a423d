using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Reboots the machine and waits until it answers and has booted; a changed boot id is the receipt (R12). Scylla comes back by itself where its
/// unit is enabled. Then wait for what it needs: mounts, clock (R28), up for all peers (facts 4.4). Stopping a machine in a cloud is something
/// else: it may lose its local disks.
/// </summary>
[Undo("nothing to undo: it comes back")]
[Tag("reboot", "Reboot the node", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Example("wait_seconds: 1800")]
public sealed record Reboot : INodeTask
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    // The command only tells systemd to begin.
    private static readonly TimeSpan AskPatience = TimeSpan.FromMinutes(1);

    /// <value>Default 1800 s.</value>
    [Description("How long it may take until the node answers and has booted"), Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1800);

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var givesUp = context.Time.GetUtcNow() + Wait;
        var before = await PatientlyAsync(context, givesUp, () => Boot.FirstIdAsync(context, ct), ct);
        if (await PatientlyAsync(context, givesUp, () => Boot.IdAsync(context, ct), ct) == before)
        {
            await WarnAsync(context, ct);
        }

        await PatientlyAsync(context, givesUp, () => BootedAsync(context, before, ct), ct);
        var uptime = await PatientlyAsync(context, givesUp, () => Boot.UptimeAsync(context, ct), ct);
        context.Log.Write($"Rebooted; up for {uptime.TotalSeconds:0} s");
    }

    private static async Task WarnAsync(NodeContext context, CancellationToken ct)
    {
        if (await Systemd.EnabledAsync(context, Systemd.Scylla, ct) is var state and not "enabled")
        {
            context.Log.Write($"Warning: {Systemd.Scylla} is {CommandOutput.Tail(state)}: it will not start by itself after the boot");
        }
    }

    private static async Task AskAsync(NodeContext context, CancellationToken ct)
    {
        try
        {
            // Lost in the reboot it may have done its work: the boot id is looked at next.
            var asked = await NodeCommands.RunAsync(
                context, new RemoteCommand(["systemctl", "reboot"], AskPatience), unknown: _ => Task.FromResult(new CommandResult(0, "")), ct);
            Systemd.Classify(context, "systemctl reboot", asked);
        }
        catch (RecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            // It takes the connection away with it.
            context.Log.Write($"Warning: {lost.Message}; the boot id will tell");
        }
    }

    /// <exception cref="RecoverableException">Not yet.</exception>
    private static async Task<bool> BootedAsync(NodeContext context, string before, CancellationToken ct)
    {
        if (await Boot.IdAsync(context, ct) == before)
        {
            // Under its receipt: asked again it attaches, and begins only what never began.
            await AskAsync(context, ct);
            throw new RecoverableException($"{context.Node.Name} has not gone down yet");
        }

        var state = await Boot.StateAsync(context, ct);
        if (state is not ("running" or "degraded"))
        {
            throw new RecoverableException($"{context.Node.Name} is still {CommandOutput.Tail(state)}");
        }

        if (state is "degraded")
        {
            context.Log.Write("Warning: the machine is degraded: some unit failed at boot");
        }

        return true;
    }

    // While the machine is away every call fails: that is the work going on, not a failure of it.
    private async Task<T> PatientlyAsync<T>(NodeContext context, DateTimeOffset givesUp, Func<Task<T>> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (RecoverableException notYet)
            {
                if (context.Time.GetUtcNow() >= givesUp)
                {
                    throw new UnrecoverableException($"{notYet.Message}; gave up {Wait.TotalMinutes:0} minutes after the reboot was begun or taken up again", notYet);
                }
            }
            catch (UnrecoverableException refused) when (refused.InnerException is RefusedException && context.Time.GetUtcNow() < givesUp)
            {
                // sshd answers before the directory of logins and the home folders are there.
                context.Log.Write($"Warning: {refused.Message}; it may be coming up still");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Who applies a node's Salt states.</summary>
public enum SaltVia
{
    /// <summary><c>salt-call</c> on the node, under a receipt: it needs the master for files only.</summary>
    Node,

    /// <summary>salt-api, as a job of the master's; its job id is the receipt (R12).</summary>
    Api,
}

/// <summary>Applies states to one node, once for an attempt, whichever way.</summary>
/// <param name="Function"><c>state.highstate</c> or <c>state.apply</c>.</param>
/// <param name="Sls">For <c>state.apply</c>; null otherwise.</param>
/// <param name="Via">Which way.</param>
internal sealed record SaltRun(string Function, string? Sls, SaltVia Via)
{
    // A first highstate installs packages and sets up disks.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);
    private static readonly TimeSpan TestPatience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private string Name => Sls is null ? "highstate" : $"state {Sls}";

    public Task ApplyAsync(NodeContext context, CancellationToken ct) =>
        Via == SaltVia.Api ? ApplyByApiAsync(context, ct) : ApplyOnNodeAsync(context, ct);

    /// <summary>What it would change: a dry run that changes nothing, for plans.</summary>
    public async Task<SaltStates> TestAsync(NodeContext context, CancellationToken ct)
    {
        if (Via == SaltVia.Api)
        {
            return await (await LoginAsync(context, ct)).TestAsync(Minion(context.Node), Function, Sls, ct);
        }

        var command = new RemoteCommand([.. Argv(), "test=True"], TestPatience) { AsRoot = true };
        var result = await NodeCommands.ReadAsync(context.Commands, context.Node, command, ct);
        return SaltStates.ReadCall(result.Output)
            ?? throw new UnrecoverableException($"{context.Node.Name}: {Name}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}");
    }

    private async Task ApplyOnNodeAsync(NodeContext context, CancellationToken ct)
    {
        var result = await context.RunAsync(Argv(), Patience, ct);
        var states = SaltStates.ReadCall(result.Output);
        if (result.Exit != 0 || states?.Failure is not null)
        {
            // Some states were applied and some were not: only a human knows whether another go is safe.
            throw new UnrecoverableException(
                $"{context.Node.Name}: {Name}: exit {result.Exit}: {states?.Failure ?? CommandOutput.Tail(result.Output)}");
        }

        Tell(context, states);
    }

    private async Task ApplyByApiAsync(NodeContext context, CancellationToken ct)
    {
        var (salt, minion, jid) = (await LoginAsync(context, ct), Minion(context.Node), JobId(context));
        var givesUp = context.Time.GetUtcNow() + Patience;
        if (await salt.JobAsync(jid, ct) is null)
        {
            jid = await StartAsync(context, salt, jid, minion, ct);
        }

        while (true)
        {
            if (await salt.JobAsync(jid, ct) is { } job && job.Results.TryGetValue(minion, out var result))
            {
                context.Receipts.Settle(jid);
                var states = result.Return is { } told ? SaltStates.Read(told) : new SaltStates([], "nothing was returned");
                if (states.Failure is not null || result.RetCode != 0)
                {
                    throw new UnrecoverableException($"{context.Node.Name}: {Name}: job {jid}: {states.Failure ?? $"retcode {result.RetCode}"}");
                }

                Tell(context, states);
                return;
            }

            if (context.Time.GetUtcNow() >= givesUp)
            {
                context.Receipts.Settle(jid);
                throw new UnrecoverableException($"{context.Node.Name}: {Name}: job {jid} has not returned in {Patience.TotalHours:0} hours");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    private async Task<string> StartAsync(NodeContext context, Salt salt, string jid, string minion, CancellationToken ct)
    {
        switch (await salt.PingAsync(minion, ct))
        {
            case null:
                throw new UnrecoverableException($"{context.Node.Name}: Salt knows no minion {minion}");
            case false:
                throw new RecoverableException($"{context.Node.Name}: minion {minion} does not answer");
        }

        context.Receipts.Open(jid);
        try
        {
            var given = await salt.StartAsync(jid, minion, Function, Sls, ct);
            context.Log.Write($"{Name} runs as Salt job {given}");
            return given;
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            // The job id is ours, so whether it was started can be seen.
            await Task.Delay(BetweenLooks, context.Time, ct);
            return await salt.JobAsync(jid, ct) is null ? throw new RecoverableException($"{lost.Message}; it was not started", lost) : jid;
        }
    }

    private static Task<Salt> LoginAsync(NodeContext context, CancellationToken ct) => Salt.LoginAsync(
        context.Cluster.Salt ?? throw new UnrecoverableException($"{context.Cluster.Name} has no salt in the inventory"), context.Http, ct, context.Stamp);

    private void Tell(NodeContext context, SaltStates? states) => context.Log.Write(states is null
        ? $"{Name} is applied" : $"{Name} is applied: {states.States.Length} states, {states.Changed.Length} changed");

    private ImmutableArray<string> Argv() => Sls is null
        ? ["salt-call", "--out=json", "--retcode-passthrough", Function]
        : ["salt-call", "--out=json", "--retcode-passthrough", Function, Sls];

    /// <summary>The node's name, unless its label <c>salt_minion</c> says another id.</summary>
    private static string Minion(Node node) => node.Labels.GetValueOrDefault("salt_minion", node.Name);

    /// <summary>
    /// One for each attempt, the same after a restart and as long as it is unsettled: 20 digits in the form of a time, as Salt's own, because the master reads it as one.
    /// </summary>
    private static string JobId(NodeContext context)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Stamp with { Attempt = context.Stamp.ReceiptAttempt }}/{context.Node.Name}"));
        var number = BitConverter.ToUInt64(digest);
        var at = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(number % (100UL * 365 * 86_400));
        return at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)
            + (BitConverter.ToUInt64(digest, 8) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}

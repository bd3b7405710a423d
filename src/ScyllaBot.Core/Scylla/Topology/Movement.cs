using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>
/// A topology operation on one host id, asked for once and then watched: the task manager of any node shows it, whoever asked and however
/// often we died meanwhile (facts 1.15, 7.6).
/// </summary>
/// <param name="context">Of the attempt.</param>
/// <param name="type">As <c>node_ops</c> lists it: <c>decommission</c>, <c>remove node</c>, <c>rebuild</c>.</param>
/// <param name="host">Its entity.</param>
/// <param name="keeper">Keeps the note of when this attempt began; the same node at every entry.</param>
internal sealed class Movement(ClusterContext context, string type, Guid host, Node keeper)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    // The coordinator lists a request as soon as it is queued, and takes a moment to show its end in every place.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>It is queued or runs.</summary>
    public async Task<bool> RunsAsync(CancellationToken ct) => await LatestAsync(ct) is { HasEnded: false };

    /// <param name="ask">The one POST.</param>
    /// <param name="isDone">By the state of the cluster; given the operation's last task and whether the POST was answered with success.</param>
    /// <param name="ct">Cancels the watching only.</param>
    /// <exception cref="RecoverableException">It never began.</exception>
    /// <exception cref="UnrecoverableException">It failed, or what became of it is unknown.</exception>
    public async Task RunAsync(Func<Task<LongAnswer>> ask, Func<ScyllaTask?, bool, Task<bool>> isDone, CancellationToken ct)
    {
        var began = await AttemptBeganAsync(ct);
        var latest = await OfThisAttemptAsync(began, ct);
        if (await isDone(latest, false))
        {
            context.Log.Write($"The {type} of {host} is done already");
            return;
        }

        ThrowIfFailed(latest);
        var answer = LongAnswer.Lost;
        if (latest is null)
        {
            answer = await ask();
            if (answer != LongAnswer.Done)
            {
                context.Log.Write(answer == LongAnswer.Busy
                    ? $"Warning: another operation is in progress there; looking whether it is this {type}"
                    : $"Warning: no answer to the {type}; looking at what it does");
            }
        }
        else
        {
            context.Log.Write($"The {type} of {host} runs already ({latest.Id}); it is not asked for again");
        }

        await SettleAsync(began, answer, isDone, ct);
    }

    private async Task SettleAsync(DateTimeOffset began, LongAnswer answer, Func<ScyllaTask?, bool, Task<bool>> isDone, CancellationToken ct)
    {
        var quietSince = context.Time.GetUtcNow();
        for (var latest = await OfThisAttemptAsync(began, ct); !await isDone(latest, answer == LongAnswer.Done); latest = await OfThisAttemptAsync(began, ct))
        {
            ThrowIfFailed(latest);
            var now = context.Time.GetUtcNow();
            quietSince = latest is { HasEnded: false } ? now : quietSince;
            if (now - quietSince >= Grace)
            {
                throw (latest, answer) switch
                {
                    (null, LongAnswer.Lost or LongAnswer.Busy) => new RecoverableException($"the {type} of {host} did not begin: no node knows of it"),
                    _ => new UnrecoverableException($"the {type} of {host} has ended, but the cluster does not look like it"),
                };
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    private void ThrowIfFailed(ScyllaTask? latest)
    {
        if (latest is { HasFailed: true })
        {
            throw new UnrecoverableException($"the {type} of {host} failed: {(latest.Error.Length == 0 ? "no reason was given" : latest.Error)}");
        }
    }

    /// <summary>What ended before this attempt began is an earlier attempt's, or somebody else's.</summary>
    private async Task<ScyllaTask?> OfThisAttemptAsync(DateTimeOffset began, CancellationToken ct) =>
        await LatestAsync(ct) is { } latest && (!latest.HasEnded || latest.EndedAt > began) ? latest : null;

    /// <summary>A receipt gives the same output at every entry (R12): so the clock of the first one is kept on the node.</summary>
    private async Task<DateTimeOffset> AttemptBeganAsync(CancellationToken ct)
    {
        var said = await new NodeContext(context, keeper).RunAsync(["date", "+%s"], Patience, ct);
        return said.Exit == 0 && double.TryParse(said.Output.Trim(), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : throw new RecoverableException($"{keeper.Name}: date: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
    }

    /// <summary>The one that runs, else the one that ended last, as the first node tells that can be asked.</summary>
    private async Task<ScyllaTask?> LatestAsync(CancellationToken ct)
    {
        RecoverableException? mute = null;
        foreach (var witness in context.Cluster.Members)
        {
            try
            {
                var api = context.Api(witness);
                var tasks = await api.TasksAsync("node_ops", ct);
                var latest = tasks?.Where(t => t.Type == type && Guid.TryParse(t.Entity, out var entity) && entity == host)
                    .OrderBy(t => t.HasEnded).ThenByDescending(t => t.EndedAt).FirstOrDefault();
                return latest is { HasFailed: true } ? await api.TaskAsync(latest.Id, ct) ?? latest : latest;
            }
            catch (RecoverableException unreadable)
            {
                mute = unreadable;
            }
        }

        throw mute ?? new RecoverableException($"{context.Cluster.Name} has no node that could be asked");
    }
}

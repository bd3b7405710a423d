using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Silences of our own (R28): one node each, short, renewed while the job lives, never over an alert about the quorum.</summary>
public static class AlertSilences
{
    /// <summary>Alerts that nobody may silence from here (RE2): they tell of lost quorums, split views and coordinators that knew too few replicas alive.</summary>
    public const string Protected = "(?i).*(quorum|unavailable|split.?brain|raft).*";

    /// <summary>The task that sets them.</summary>
    public const string Setter = "silence-alerts";

    private const string Us = "scyllabot";
    private const int Tries = 3;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromMinutes(2);

    /// <summary>Silences one node. One of this job that is there already stays, and is made longer when half of it is over.</summary>
    /// <param name="context">The node.</param>
    /// <param name="length">From now on.</param>
    /// <param name="alerts">Names; empty = every alert of the node that is not protected.</param>
    /// <param name="ct">Cancels.</param>
    public static Task EnsureAsync(NodeContext context, TimeSpan length, IReadOnlyList<string> alerts, CancellationToken ct) =>
        AgainAsync(context, async client =>
        {
            var there = (await client.SilencesAsync(ct)).FirstOrDefault(s => !s.IsOver && IsOfJob(s, context) && IsOfNode(s, context.Node));
            if (there is not null)
            {
                await RenewAsync(context, client, there, ct);
                context.Log.Write($"Silence {there.Id} already covers {context.Node.Name}");
                return;
            }

            var now = context.Time.GetUtcNow();
            var silence = new Silence(null, MatchersOf(client, context.Node, alerts), now, now + length, Us, Comment(context, length), "active");
            var id = await client.PutSilenceAsync(silence, ct);
            context.Log.Write($"Silence {id} covers {context.Node.Name} for {length.TotalMinutes:0} minutes");
        }, ct);

    /// <summary>Ends every silence of ours on one node, of whichever job. Those of people are left alone.</summary>
    public static Task ExpireAsync(NodeContext context, CancellationToken ct) => AgainAsync(context, async client =>
    {
        foreach (var silence in (await client.SilencesAsync(ct)).Where(s => !s.IsOver && IsOurs(s) && IsOfNode(s, context.Node)))
        {
            await client.ExpireAsync(silence.Id!, ct);
            context.Log.Write($"Silence {silence.Id} on {context.Node.Name} is ended");
        }
    }, ct);

    /// <summary>Makes this job's running silences last, once half of their time is over. One that ran out is not called back.</summary>
    public static async Task RenewAsync(ClusterContext context, CancellationToken ct)
    {
        var client = Alertmanager.Of(context);
        foreach (var silence in (await client.SilencesAsync(ct)).Where(s => !s.IsOver && IsOfJob(s, context)))
        {
            await RenewAsync(context, client, silence, ct);
        }
    }

    /// <summary>Every two minutes, as long as the job lives. Alertmanager being away costs the silences and never the job.</summary>
    /// <param name="context">Of the job.</param>
    /// <param name="isDue">Whether it has any, and may still change anything.</param>
    /// <param name="over">The job has ended, or the host stops: they run out by themselves.</param>
    public static async Task RenewUntilAsync(ClusterContext context, Func<bool> isDue, CancellationToken over)
    {
        try
        {
            while (context.Cluster.Alertmanager is not null)
            {
                await Task.Delay(BetweenRenewals, context.Time, over);
                if (isDue())
                {
                    await RenewOnceAsync(context, over);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // A dead bot mutes nothing (R28).
        }
    }

    private static async Task RenewOnceAsync(ClusterContext context, CancellationToken ct)
    {
        try
        {
            await RenewAsync(context, ct);
        }
        catch (Exception lost) when (lost is RecoverableException or UnrecoverableException)
        {
            context.Log.Write($"Warning: silences are not renewed now: {lost.Message}");
        }
    }

    private static async Task RenewAsync(ClusterContext context, Alertmanager client, Silence silence, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        if (LengthOf(silence) is { } length && silence.EndsAt - now < length / 2)
        {
            await client.PutSilenceAsync(silence with { EndsAt = now + length }, ct);
        }
    }

    /// <summary>Looks, then acts; a lost answer is followed by another look, so nothing is done twice.</summary>
    private static async Task AgainAsync(ClusterContext context, Func<Alertmanager, Task> look, CancellationToken ct)
    {
        var client = Alertmanager.Of(context);
        for (var tried = 1; ; tried++)
        {
            try
            {
                await look(client);
                return;
            }
            catch (RecoverableException lost) when (tried < Tries)
            {
                context.Log.Write($"Warning: {lost.Message}; looking again");
                await Task.Delay(BetweenTries, context.Time, ct);
            }
        }
    }

    private static ImmutableArray<LabelMatcher> MatchersOf(Alertmanager client, Node node, IReadOnlyList<string> alerts) =>
    [
        .. client.Matchers,
        new LabelMatcher("instance", Prometheus.InstancePattern(node), IsRegex: true, IsEqual: true),
        new LabelMatcher("alertname", Protected, IsRegex: true, IsEqual: false),
        .. alerts.Count == 0 ? Array.Empty<LabelMatcher>()
            : [new LabelMatcher("alertname", string.Join('|', alerts.Select(System.Text.RegularExpressions.Regex.Escape)), IsRegex: true, IsEqual: true)],
    ];

    private static string Comment(NodeContext context, TimeSpan length) => FormattableString.Invariant(
        $"{Us} job={context.Stamp.Job} step={context.Stamp.Path} node={context.Node.Name} seconds={length.TotalSeconds:0}");

    /// <returns>The job that left a silence which still counts, and the node it covers; null: it is over, or not of a bot.</returns>
    public static (string Job, string Node)? LeftBy(Silence silence) =>
        !silence.IsOver && IsOurs(silence) && Word(silence, "job") is { } job && Word(silence, "node") is { } node ? (job, node) : null;

    private static bool IsOurs(Silence silence) => string.Equals(silence.CreatedBy, Us, StringComparison.Ordinal) && Word(silence, "job") is not null;

    private static bool IsOfJob(Silence silence, ClusterContext context) =>
        IsOurs(silence) && string.Equals(Word(silence, "job"), context.Stamp.Job, StringComparison.Ordinal);

    private static bool IsOfNode(Silence silence, Node node) => string.Equals(Word(silence, "node"), node.Name, StringComparison.Ordinal);

    private static TimeSpan? LengthOf(Silence silence) =>
        int.TryParse(Word(silence, "seconds"), System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static string? Word(Silence silence, string key) => silence.Comment.StartsWith(Us + " ", StringComparison.Ordinal)
        ? silence.Comment.Split(' ').FirstOrDefault(w => w.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..] : null;
}

using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Cards;

namespace ScyllaBot.Discord.Commands;

/// <summary>What each subcommand of <c>/scp</c> does: parse, ask the engine, show.</summary>
/// <param name="control">The engine.</param>
/// <param name="card">How notices are shown.</param>
/// <param name="drafts">Plans waiting for their Start.</param>
/// <param name="options">Whether this is the sandbox.</param>
/// <param name="engineTime">The engine's clock: what job times are measured by.</param>
internal sealed class ScpCommand(IJobControl control, NoticeCard card, Drafts drafts, DiscordOptions options, TimeProvider engineTime)
{
    /// <summary>The least right a subcommand needs (R21); the engine knows what more it asks of whom.</summary>
    public static Rights Needs(string name) => VerbRights.Of(name);

    public Task<Answer> RunAsync(Actor by, CommandCall call, CancellationToken ct)
    {
        var job = new JobId(call.Text("job"));
        return call.Name switch
        {
            "run" => PlanAsync(by, call, mayStart: true, ct),
            "plan" => PlanAsync(by, call, mayStart: false, ct),
            "node-task" or "cluster-task" => PlanTaskAsync(by, call, ct),
            "jobs" => JobsAsync(call, ct),
            "job" => ShowAsync(job, ct),
            "why" => WhyAsync(job, ct),
            "pause" => SayAsync(control.PauseAsync(by, job, ct)),
            "resume" => SayAsync(control.ResumeAsync(by, job, ct)),
            "retry" => SayAsync(control.RetryAsync(by, job, call.Flag("extend"), ct)),
            "skip" => SayAsync(control.SkipAsync(by, job, call.Text("node") is { Length: > 0 } node ? node : null, ct)),
            "abort" => SayAsync(control.AbortAsync(by, job, call.Flag("now"), ct)),
            "answer" => SayAsync(control.AnswerAsync(by, job, null, call.Text("text"), ct)),
            "takeover" or "handback" or "unlock" or "owner" or "halt-all" or "tune" => HandCommand.RunAsync(control, card, by, call, ct),
            "clusters" => ClustersAsync(call, ct),
            "debts" => DebtsAsync(by, call, ct),
            "help" => Task.FromResult(Shown(HelpCard.Of(control, by.Rights))),
            _ => Task.FromResult(Answer.Refused("This version does not know that command; try again in a minute.")),
        };
    }

    /// <summary>Also behind the Details button.</summary>
    public async Task<Answer> ShowAsync(JobId job, CancellationToken ct) =>
        await control.ShowAsync(job, ct) is { } live
            ? Shown(JobCard.Render(live, engineTime.GetUtcNow(), options.IsSandbox) with { Headline = "" })
            : Answer.NoSuchJob(job);

    /// <summary>Behind the Hand back button, and those it shows.</summary>
    public Task<Answer> HandBackAsync(Actor by, JobId job, string choice, CancellationToken ct) => HandCommand.HandBackAsync(control, card, by, job, choice, ct);

    private static async Task<Answer> SayAsync(Task<Outcome> verb) => Answer.Of(await verb);

    private async Task<Answer> PlanAsync(Actor by, CommandCall call, bool mayStart, CancellationToken ct)
    {
        var (request, wrong) = Requests.Run(call, by.InteractionId);
        return request is null ? Answer.Refused(wrong) : Planned(by, await control.PlanAsync(by, request, ct), mayStart);
    }

    private async Task<Answer> PlanTaskAsync(Actor by, CommandCall call, CancellationToken ct)
    {
        var (request, wrong) = Requests.Task(call, by.InteractionId);
        return request is null ? Answer.Refused(wrong) : Planned(by, await control.PlanTaskAsync(by, request, ct), mayStart: true);
    }

    /// <summary>A plan to its asker alone, with Start where it may be started.</summary>
    public Answer Planned(Actor by, PlanOutcome outcome, bool mayStart)
    {
        if (outcome is not PlanOutcome.Ready ready)
        {
            return Answer.Refused(((PlanOutcome.Refused)outcome).Why);
        }

        if (mayStart && ready.Plan.WhyNoStart is null)
        {
            drafts.Keep(by.InteractionId, ready.Plan, by.Person.Id);
        }

        var notice = PlanCard.Of(ready.Plan, mayStart ? by.InteractionId : null, options.IsSandbox);
        return new Answer(card.Private(notice), $"planned {Markup.Cut(ready.Plan.Hash, 12)}");
    }

    private async Task<Answer> JobsAsync(CommandCall call, CancellationToken ct)
    {
        var cluster = call.Text("cluster") is { Length: > 0 } name ? name : null;
        if (cluster is not null && control.Inventory.Find(cluster) is null)
        {
            return Answer.Refused(UnknownCluster(cluster));
        }

        var all = call.Flag("all");
        return Shown(HandbackView.UnderHalt(JobViews.Jobs(await control.ListAsync(new JobFilter(cluster, OpenOnly: !all), ct), all), control.FleetHalt));
    }

    private async Task<Answer> WhyAsync(JobId job, CancellationToken ct) =>
        await control.WhyAsync(job, ct) is { } lines ? Shown(JobViews.Why(job, lines, (await control.ShowAsync(job, ct))?.View)) : Answer.NoSuchJob(job);

    private async Task<Answer> ClustersAsync(CommandCall call, CancellationToken ct)
    {
        var open = await control.ListAsync(new JobFilter(OpenOnly: true), ct);
        if (call.Text("cluster") is not { Length: > 0 } name)
        {
            return Shown(JobViews.Clusters(control.Inventory.Clusters, open));
        }

        return await control.ClusterAsync(name, ct) is { } cluster
            ? Shown(JobViews.Cluster(cluster, open, await control.DebtsAsync(name, ct), control.Inventory.Find(name))) : Answer.Refused(UnknownCluster(name));
    }

    private async Task<Answer> DebtsAsync(Actor by, CommandCall call, CancellationToken ct)
    {
        if (call.Text("pay") is { Length: > 0 } id)
        {
            return Answer.Of(await control.PayDebtAsync(by, id, Markup.Cut(call.Text("reason"), 500), ct));
        }

        var cluster = call.Text("cluster") is { Length: > 0 } name ? name : null;
        return cluster is not null && control.Inventory.Find(cluster) is null
            ? Answer.Refused(UnknownCluster(cluster))
            : Shown(DebtNotice.List(await control.DebtsAsync(cluster, ct), cluster, engineTime.GetUtcNow()));
    }

    private string UnknownCluster(string name) =>
        $"There is no cluster {Markup.Cut(name, 60)}; known: "
        + $"{string.Join(", ", control.Inventory.Clusters.Select((Cluster c) => c.Name))}.";

    private Answer Shown(Notice notice) => new(card.Private(notice), "shown");
}

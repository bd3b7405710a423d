using System.Text.Json;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;

namespace ScyllaBot.Control;

/// <summary>What only looks.</summary>
internal sealed class ReadVerbs(
    IJobControl control, IJobStore store, TimeProvider engineTime, WorkflowBinder binder, JobLogBook logs, AuditHistory history, BotFacts bot,
    DiscordHealth chat)
{
    private const int MostJobs = 200;
    private const int MostEvents = 5000;

    public IEnumerable<(ControlRoute Route, ControlVerb Verb)> All =>
    [
        (ControlRoutes.Bot, BotAsync),
        (ControlRoutes.Jobs, JobsAsync),
        (ControlRoutes.Job, JobAsync),
        (ControlRoutes.Why, WhyAsync),
        (ControlRoutes.Events, EventsAsync),
        (ControlRoutes.Log, LogAsync),
        (ControlRoutes.Compare, CompareAsync),
        (ControlRoutes.Clusters, ClustersAsync),
        (ControlRoutes.Cluster, ClusterAsync),
        (ControlRoutes.Matrix, MatrixAsync),
        (ControlRoutes.Safe, SafeAsync),
        (ControlRoutes.Debts, DebtsAsync),
        (ControlRoutes.Workflows, (_, _) => Task.FromResult<object>(CatalogueLists.Of(control.Choices))),
        (ControlRoutes.Workflow, WorkflowAsync),
        (ControlRoutes.Tasks, (_, _) => Task.FromResult<object>(CatalogueLists.Of(TaskCatalog.Core))),
        (ControlRoutes.Task, TaskAsync),
        (ControlRoutes.History, HistoryAsync),
    ];

    public static Problem NoJob(JobId job) => Problems.Of(Problems.NotFound, $"There is no job {job}.");

    public static Problem NoCluster(IJobControl control, string name) => Problems.Of(
        Problems.NotFound, Nearest.To(name, control.Inventory.Clusters.Select(c => c.Name)) is { } near
            ? $"There is no cluster \"{Markup.Cut(name, 80)}\"; did you mean {near}?"
            : $"There is no cluster \"{Markup.Cut(name, 80)}\"; known: {string.Join(", ", control.Inventory.Clusters.Select(c => c.Name))}.");

    /// <returns>Null: it is known, or none was named.</returns>
    public static Problem? WhyNoCluster(IJobControl control, string? name) => name is null || control.Inventory.Find(name) is not null ? null : NoCluster(control, name);

    private async Task<object> BotAsync(ControlCall call, CancellationToken ct)
    {
        var open = await control.ListAsync(new JobFilter(OpenOnly: true, Limit: MostJobs), ct);
        var rights = call.By.Rights.ToString().ToLowerInvariant().Split(", ");
        return new BotView(
            bot.Version, bot.Started, engineTime.GetUtcNow(), bot.IsSandbox, new MeView(call.By.Person, [.. rights]), control.Inventory.Clusters.Length, open.Length,
            control.FleetHalt?.Sentence, chat.LostSince, chat.Why is { Length: > 0 } why ? why : null);
    }

    private async Task<object> JobsAsync(ControlCall call, CancellationToken ct)
    {
        if (WhyNoCluster(control, call.Option("cluster")) is { } unknown)
        {
            return unknown;
        }

        var filter = new JobFilter(call.Option("cluster"), OpenOnly: call.Option("all") != "true", (int)call.Number("limit", 25, 1, MostJobs));
        return new JobList([.. (await control.ListAsync(filter, ct)).Select(JobLine.Of)], control.FleetHalt?.Sentence);
    }

    private async Task<object> JobAsync(ControlCall call, CancellationToken ct) =>
        await control.ShowAsync(call.Job, ct) is { } live ? JobViews.Of(live, engineTime.GetUtcNow()) : NoJob(call.Job);

    private async Task<object> WhyAsync(ControlCall call, CancellationToken ct) =>
        await control.WhyAsync(call.Job, ct) is { } lines ? new WhyAnswer(call.Job.Value, lines, (await control.ShowAsync(call.Job, ct))?.View) : NoJob(call.Job);

    private async Task<object> EventsAsync(ControlCall call, CancellationToken ct)
    {
        var after = call.Number("after", 0, 0, long.MaxValue);
        var most = (int)call.Number("limit", 1000, 1, MostEvents);
        var entries = await store.ReadAsync(StreamId.Of(call.Job), after, ct);
        return entries.IsEmpty && after == 0 ? NoJob(call.Job) : new JournalList(call.Job.Value, [.. entries.Take(most).Select(JournalLines.Of)]);
    }

    private async Task<object> LogAsync(ControlCall call, CancellationToken ct)
    {
        var (after, tail) = (call.Number("after", 0, 0, long.MaxValue), (int)call.Number("tail", 1000, 1, MostEvents));
        return (await store.ReadAsync(StreamId.Of(call.Job), 0, ct)).IsEmpty ? NoJob(call.Job) : new JobLog(call.Job.Value, logs.Read(call.Job.Value, after, tail));
    }

    private async Task<object> CompareAsync(ControlCall call, CancellationToken ct) => await control.CompareAsync(call.Job, ct) is { } nodes
        ? new HandView(call.Job.Value, [.. nodes.Select(n => new HandLine(n.Node, n.Status, n.What))])
        : Problems.Of(Problems.Refused, $"Job {call.Job} is not worked on by hand, or has not reached its safe point yet.");

    private async Task<object> ClustersAsync(ControlCall call, CancellationToken ct)
    {
        var (open, debts) = (await OpenAsync(ct), await control.DebtsAsync(null, ct));
        return new ClusterList([.. control.Inventory.Clusters.Select(c => ClusterLists.Line(c, open, debts))], control.FleetHalt?.Sentence);
    }

    private async Task<object> ClusterAsync(ControlCall call, CancellationToken ct)
    {
        var name = call.Place("cluster");
        return await control.ClusterAsync(name, ct) is { } cluster
            ? ClusterLists.View(cluster, control.Inventory.Find(name), await OpenAsync(ct), await control.DebtsAsync(name, ct), engineTime.GetUtcNow()) : NoCluster(control, name);
    }

    private async Task<object> MatrixAsync(ControlCall call, CancellationToken ct) =>
        await control.MatrixAsync(call.Place("cluster"), ct) is { } matrix ? matrix : NoCluster(control, call.Place("cluster"));

    private async Task<object> SafeAsync(ControlCall call, CancellationToken ct)
    {
        var name = call.Place("cluster");
        if (WhyNoCluster(control, name) is { } unknown)
        {
            return unknown;
        }

        var (answer, wrong) = await control.SafeAsync(name, NamedValues.List(call.Option("nodes") ?? ""), ct);
        return answer is not null ? answer : Problems.Of(Problems.Refused, string.Join(" ", wrong)) with { Errors = wrong };
    }

    private async Task<object> DebtsAsync(ControlCall call, CancellationToken ct) => WhyNoCluster(control, call.Option("cluster")) is { } unknown
        ? unknown
        : new DebtList([.. (await control.DebtsAsync(call.Option("cluster"), ct)).Select(d => DebtLine.Of(d, engineTime.GetUtcNow()))]);

    private Task<object> WorkflowAsync(ControlCall call, CancellationToken ct)
    {
        var name = call.Place("workflow");
        var (text, errors) = binder.TextOf(name);
        var found = control.Choices.Workflows.FirstOrDefault(w => w.Name == name);
        return Task.FromResult<object>(text is null || found.Name is null
            ? Problems.Of(Problems.NotFound, string.Join(" ", errors)) with { Errors = errors }
            : new WorkflowView(found.Name, found.Description, found.Variables, text));
    }

    private static Task<object> TaskAsync(ControlCall call, CancellationToken ct) => Task.FromResult<object>(
        CatalogueLists.Of(TaskCatalog.Core, call.Place("task")) is { } task ? task
        : Problems.Of(Problems.NotFound, $"No task \"{Markup.Cut(call.Place("task"), 80)}\"{(TaskCatalog.Core.NearestTag(call.Place("task")) is { } near ? $", did you mean {near}?" : ".")}"));

    private async Task<object> HistoryAsync(ControlCall call, CancellationToken ct) =>
        new AuditList(await history.ReadAsync((int)call.Number("limit", 100, 1, 1000), call.Number("after", 0, 0, long.MaxValue), ct));

    private Task<System.Collections.Immutable.ImmutableArray<JobSummary>> OpenAsync(CancellationToken ct) =>
        control.ListAsync(new JobFilter(OpenOnly: true, Limit: MostJobs), ct);
}

/// <summary>Journal events as the endpoint shows them: as the journal writes them.</summary>
internal static class JournalLines
{
    public static JournalLine Of(JournalEntry entry)
    {
        var written = JournalCodec.Write(entry.Event);
        using var json = JsonDocument.Parse(written.Json);
        return new JournalLine(entry.Sequence, entry.Event.At, written.Kind, json.RootElement.Clone());
    }
}

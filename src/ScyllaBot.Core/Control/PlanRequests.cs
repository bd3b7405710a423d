using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>Forms → what the engine takes. Only the form is judged here; whether the names exist is the planner's to say.</summary>
public static class PlanRequests
{
    /// <returns>The request, or all that is wrong with its form.</returns>
    public static (RunRequest? Request, ImmutableArray<string> Wrong) Of(PlanForm form, string requestId)
    {
        var (target, wrongTarget) = TargetOf(form);
        var (from, wrongFrom) = From(form);
        ImmutableArray<string> wrong = [.. wrongTarget, .. TooSmall(form.Limit, "limit"), .. TooSmall(form.StopAfter, "stop_after"), .. wrongFrom];
        var request = new RunRequest(requestId, form.Workflow, form.Cluster, target, Ordinal(form.Variables), form.Reason)
        {
            Except = form.Except, From = from, Limit = form.Limit, StopAfter = form.StopAfter, KnownDown = form.KnownDown,
        };
        return wrong.IsEmpty ? (request, wrong) : (null, wrong);
    }

    public static TaskRequest Of(TaskForm form, string requestId) => new(requestId, form.Task, form.Cluster, form.Node, Ordinal(form.Inputs), form.Reason)
    {
        Under = form.Under is { Length: > 0 } under ? new JobId(under) : null, KnownDown = form.KnownDown,
    };

    /// <summary>The same map in ordinal order, whoever made it.</summary>
    public static ImmutableSortedDictionary<string, string> Ordinal(ImmutableSortedDictionary<string, string> map) => map.WithComparers(StringComparer.Ordinal);

    private static (Target Target, ImmutableArray<string> Wrong) TargetOf(PlanForm form)
    {
        if (new[] { form.Nodes, form.Zones, form.Datacenters }.Count(w => !w.IsEmpty) > 1)
        {
            return (new Target.All(), ["Give nodes, a zone or a datacenter, not several of them; except narrows each."]);
        }

        return (form.Nodes, form.Zones, form.Datacenters) switch
        {
            ({ IsEmpty: false } nodes, _, _) => (new Target.Named(nodes), []),
            (_, { IsEmpty: false } zones, _) => (Any(zones.Select(z => new Target.InZone(z))), []),
            (_, _, { IsEmpty: false } datacenters) => (Any(datacenters.Select(d => new Target.InDatacenter(d))), []),
            _ => (new Target.All(), []),
        };
    }

    private static Target Any(IEnumerable<Target> parts) => parts.ToArray() is [var only] ? only : new Target.Union([.. parts]);

    private static ImmutableArray<string> TooSmall(int? count, string name) => count is < 1 ? [$"{name} is a whole number, at least 1."] : [];

    private static (FromJob? From, ImmutableArray<string> Wrong) From(PlanForm form) => (form.FromJob ?? "", form.Only ?? "") switch
    {
        ("", "") => (null, []),
        ("", _) => (null, ["only goes with from_job: say which job's nodes are meant."]),
        (var job, "" or "not-done") => (new FromJob(new JobId(job), JobShare.NotDone), []),
        (var job, "failed") => (new FromJob(new JobId(job), JobShare.Failed), []),
        (_, var other) => (null, [$"only is not-done or failed, not {other}."]),
    };
}

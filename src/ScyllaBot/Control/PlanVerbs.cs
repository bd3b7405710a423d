using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Plans, and starting one that was shown (R15).</summary>
internal sealed class PlanVerbs(IJobControl control, IJobStore store, ShownPlans plans, VerbAnswers answers)
{
    public IEnumerable<(ControlRoute Route, ControlVerb Verb)> All =>
    [
        (ControlRoutes.Plan, PlanAsync),
        (ControlRoutes.PlanTask, PlanTaskAsync),
        (ControlRoutes.Rejoin, async (call, ct) => Planned(call, await control.PlanRejoinAsync(call.By, call.Job, call.Form<NodeForm>().Node ?? "", ct))),
        (ControlRoutes.Start, StartAsync),
    ];

    private async Task<object> PlanAsync(ControlCall call, CancellationToken ct)
    {
        var (request, wrong) = PlanRequests.Of(call.Form<PlanForm>(), call.By.InteractionId);
        return request is null ? VerbAnswers.Refused(wrong) : Planned(call, await control.PlanAsync(call.By, request, ct));
    }

    private async Task<object> PlanTaskAsync(ControlCall call, CancellationToken ct) =>
        Planned(call, await control.PlanTaskAsync(call.By, PlanRequests.Of(call.Form<TaskForm>(), call.By.InteractionId), ct));

    private object Planned(ControlCall call, PlanOutcome outcome)
    {
        if (outcome is not PlanOutcome.Ready ready)
        {
            var refused = (PlanOutcome.Refused)outcome;
            return VerbAnswers.Refused(refused.Why, refused.IsForbidden);
        }

        plans.Keep(call.By.InteractionId, ready.Plan);
        return PlanViews.Of(ready.Plan, call.By.InteractionId[(call.By.InteractionId.LastIndexOf('/') + 1)..]);
    }

    /// <summary>A plan is its author's, and starts one job only: the store knows by the id of the request that planned it.</summary>
    private async Task<object> StartAsync(ControlCall call, CancellationToken ct)
    {
        var form = call.Form<StartForm>();
        var id = $"{call.By.InteractionId[..call.By.InteractionId.LastIndexOf('/')]}/{call.Place("plan")}";
        if (plans.Find(id) is not { } plan)
        {
            return await store.FindByRequestAsync(id, ct) is { } job
                ? await answers.OfAsync(new Outcome.Done(job, $"This plan already started job {job}."), ct)
                : Problems.Of(Problems.NotFound, "There is no such plan of yours any more; plan it again.");
        }

        if (!string.Equals(plan.Hash, form.Hash, StringComparison.Ordinal))
        {
            return Problems.Of(Problems.Refused, "That is the hash of another plan. Nothing was started; look at this one again.");
        }

        plan = form.Reason is { } reason ? plan with { Request = plan.Request with { Reason = reason } } : plan;
        return await answers.OfAsync(await control.StartAsync(call.By, plan, ct), ct);
    }
}

using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Every verb of the engine but planning and starting.</summary>
internal sealed class JobVerbs(IJobControl control, ControlUsers users, VerbAnswers answers)
{
    private const int LongestReason = 500;

    public IEnumerable<(ControlRoute Route, ControlVerb Verb)> All =>
    [
        OfJob(ControlRoutes.Pause, (call, ct) => control.PauseAsync(call.By, call.Job, ct)),
        OfJob(ControlRoutes.Resume, (call, ct) => control.ResumeAsync(call.By, call.Job, ct)),
        OfJob<RetryForm>(ControlRoutes.Retry, (call, form, ct) => control.RetryAsync(call.By, call.Job, form.Extend, ct)),
        OfJob<NodeForm>(ControlRoutes.Skip, (call, form, ct) => control.SkipAsync(call.By, call.Job, form.Node, ct)),
        OfJob<AbortForm>(ControlRoutes.Abort, (call, form, ct) => control.AbortAsync(call.By, call.Job, form.Now, ct)),
        OfJob<NodeForm>(ControlRoutes.Restore, (call, form, ct) => control.RestoreAsync(call.By, call.Job, form.Node, ct)),
        OfJob(ControlRoutes.Acknowledge, (call, ct) => control.AcknowledgeAsync(call.By, call.Job, ct)),
        OfJob<DecideForm>(ControlRoutes.Decide, (call, form, ct) => control.DecideAsync(call.By, call.Job, form.Key, form.Approve, Reason(form.Why), ct)),
        OfJob<GlassForm>(ControlRoutes.BreakGlass, (call, form, ct) => control.BreakGlassAsync(call.By, call.Job, form.Key, Reason(form.Reason), ct)),
        OfJob<AnswerForm>(ControlRoutes.Answer, (call, form, ct) => control.AnswerAsync(call.By, call.Job, form.Key, form.Answer.Trim(), ct)),
        OfJob<OwnerForm>(ControlRoutes.Owner, OwnerAsync),
        OfJob<TuneForm>(ControlRoutes.Tune, (call, form, ct) => control.TuneAsync(call.By, call.Job, form.Limit, form.StopAfter, ct)),
        OfJob<HandBackForm>(ControlRoutes.HandBack, (call, form, ct) => control.HandBackAsync(call.By, call.Job, PlanRequests.Ordinal(form.Nodes), form.Others, ct)),
        OfJob<ReasonForm>(ControlRoutes.Unlock, (call, form, ct) => control.UnlockAsync(call.By, call.Job, Reason(form.Reason), ct)),
        Of(ControlRoutes.UnlockCluster, (call, ct) => control.UnlockClusterAsync(call.By, call.Place("cluster"), Reason(call.Form<ReasonForm>().Reason), ct)),
        OfJob<NodeForm>(ControlRoutes.WayOut, (call, form, ct) => control.WayOutAsync(call.By, call.Job, form.Node ?? "", ct)),
        Of(ControlRoutes.TakeOver, (call, ct) => control.TakeOverAsync(call.By, call.Form<TakeOverForm>().What, Reason(call.Form<TakeOverForm>().Reason), ct)),
        Of(ControlRoutes.HaltAll, (call, ct) => control.HaltAllAsync(call.By, Reason(call.Form<ReasonForm>().Reason), ct)),
        Of(ControlRoutes.Lift, (call, ct) => control.LiftAsync(call.By, ct)),
        Of(ControlRoutes.Pay, (call, ct) => control.PayDebtAsync(call.By, call.Place("debt"), Reason(call.Form<ReasonForm>().Reason), ct)),
    ];

    private Task<Outcome> OwnerAsync(ControlCall call, OwnerForm form, CancellationToken ct)
    {
        var to = form.To;
        return users.Knows(to)
            ? control.HandOverAsync(call.By, call.Job, users.PersonOf(to), users.RightsOf(to), ct)
            : Task.FromResult<Outcome>(new Outcome.Refused($"{to} is no user of this endpoint: a job is handed over to one of ScyllaBot:Control:Users here, to anybody else in chat."));
    }

    private (ControlRoute Route, ControlVerb Verb) OfJob(ControlRoute route, Func<ControlCall, CancellationToken, Task<Outcome>> verb) =>
        (route, async (call, ct) => await answers.OfAsync(await verb(call, ct), ct, call.Job));

    private (ControlRoute Route, ControlVerb Verb) OfJob<TForm>(ControlRoute route, Func<ControlCall, TForm, CancellationToken, Task<Outcome>> verb) =>
        OfJob(route, (call, ct) => verb(call, call.Form<TForm>(), ct));

    private (ControlRoute Route, ControlVerb Verb) Of(ControlRoute route, Func<ControlCall, CancellationToken, Task<Outcome>> verb) =>
        (route, async (call, ct) => await answers.OfAsync(await verb(call, ct), ct));

    private static string Reason(string text) => Core.Chat.Markup.Cut(text.Trim(), LongestReason);
}

using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// What each button does. Everything it needs is in its id, so cards from before a restart still work; who may is asked anew.
/// </summary>
internal sealed class PressedButton(IJobControl control, ScpCommand command, Drafts drafts)
{
    public const string ReasonInput = "reason";

    private const string OutOfDate = "This card is out of date; look at the job with /scp job.";

    /// <summary>What opens a modal instead of being done at once.</summary>
    public static bool AsksReason(string customId) => ChoiceId.TryParse(customId) is { Verb: ChoiceId.Refuse };

    /// <summary>The modal's id is the button's.</summary>
    public static JsonObject ReasonModal(string customId) => new()
    {
        ["custom_id"] = customId,
        ["title"] = "Refuse the approval",
        ["components"] = new JsonArray(new JsonObject
        {
            ["type"] = 1,
            ["components"] = new JsonArray(new JsonObject
            {
                ["type"] = 4,
                ["custom_id"] = ReasonInput,
                ["style"] = 2,
                ["label"] = "Why?",
                ["min_length"] = 1,
                ["max_length"] = 500,
                ["required"] = true,
            }),
        }),
    };

    /// <summary>The least right a press needs (R21); the engine knows what more it asks of whom.</summary>
    public static Rights Needs(string customId) => ChoiceId.TryParse(customId)?.Verb switch
    {
        ChoiceId.Resume or ChoiceId.Retry or ChoiceId.Wait or ChoiceId.Restore or ChoiceId.Skip or ChoiceId.Abort => Rights.Operate,
        null when PlanCard.TryParse(customId) is { Start: true } => Rights.Operate,
        _ => Rights.Read,
    };

    /// <param name="by">Who, with the rights of this moment.</param>
    /// <param name="customId">The button's.</param>
    /// <param name="reason">From the modal; empty otherwise.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Answer> PressAsync(Actor by, string customId, string reason, CancellationToken ct)
    {
        if (PlanCard.TryParse(customId) is { } draft)
        {
            return await DraftAsync(by, draft.Draft, draft.Start, ct);
        }

        if (ChoiceId.TryParse(customId) is not { } id)
        {
            return Answer.Refused(OutOfDate);
        }

        var node = id.Arg.Length > 0 ? id.Arg : null;
        return id.Verb switch
        {
            ChoiceId.Details => await command.ShowAsync(id.Job, ct),
            ChoiceId.Approve => Answer.Of(await control.DecideAsync(by, id.Job, id.Arg, approve: true, "", ct)),
            ChoiceId.Refuse => Answer.Of(await control.DecideAsync(by, id.Job, id.Arg, approve: false, Markup.Cut(reason, 500), ct)),
            ChoiceId.Pause => Answer.Of(await control.PauseAsync(by, id.Job, ct)),
            ChoiceId.Resume => Answer.Of(await control.ResumeAsync(by, id.Job, ct)),
            ChoiceId.Retry => Answer.Of(await control.RetryAsync(by, id.Job, extend: false, ct)),
            ChoiceId.Wait => Answer.Of(await control.RetryAsync(by, id.Job, extend: true, ct)),
            ChoiceId.Restore => Answer.Of(await control.RestoreAsync(by, id.Job, node, ct)),
            ChoiceId.Skip => Answer.Of(await control.SkipAsync(by, id.Job, node, ct)),
            ChoiceId.Abort => Answer.Of(await control.AbortAsync(by, id.Job, id.Arg == "now", ct)),
            ChoiceId.Ack => Answer.Of(await control.AcknowledgeAsync(by, id.Job, ct)),
            _ => Answer.Refused(OutOfDate),
        };
    }

    private async Task<Answer> DraftAsync(Actor by, string draft, bool start, CancellationToken ct)
    {
        if (drafts.Take(draft, by.Person.Id) is not { } plan)
        {
            return Answer.Refused("This plan is out of date; run the command again.") with { ReplacesPressed = true };
        }

        if (!start)
        {
            return new Answer(OutgoingMessage.Private("Cancelled; nothing was started."), "cancelled", ReplacesPressed: true);
        }

        var outcome = await control.StartAsync(by, plan, ct);
        var answer = Answer.Of(outcome);
        return outcome is Outcome.Done done
            ? answer with
            {
                Message = OutgoingMessage.Private(
                    $"✅ {TextLines.Plain(done.Message)}\nJob {Markup.Code(done.Job.Value, 40)}: `/scp job`; its card is in the channel."),
                ReplacesPressed = true,
            }
            : answer with { ReplacesPressed = true };
    }
}

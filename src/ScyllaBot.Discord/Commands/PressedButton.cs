using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// What each button does. Everything it needs is in its id, so cards from before a restart still work; who may is asked anew.
/// </summary>
internal sealed class PressedButton(IJobControl control, ScpCommand command, Drafts drafts)
{
    public const string TextInput = "reason";

    private const string OutOfDate = "This card is out of date; look at the job with /scp job.";

    /// <summary>What opens a modal instead of being done at once.</summary>
    public static bool AsksText(string customId) => ChoiceId.TryParse(customId) switch
    {
        { Verb: ChoiceId.Refuse or ChoiceId.Confirm or ChoiceId.Glass } => true,
        { Verb: ChoiceId.Answer, Arg: var arg } => Presses.ReadAnswer(arg) is { Choice: null },
        _ => false,
    };

    /// <summary>The modal's id is the button's.</summary>
    public static JsonObject TextModal(string customId) => ChoiceId.TryParse(customId)?.Verb switch
    {
        ChoiceId.Answer => TextModal(customId, "Answer the question", "Your answer", style: 1, longest: 200),
        ChoiceId.Confirm => TextModal(customId, "This can not be undone", "Type the cluster's name to approve", style: 1, longest: 100),
        ChoiceId.Glass => TextModal(customId, "Approve alone", "Why alone? The owners are called.", style: 2, longest: 300),
        _ => TextModal(customId, "Refuse the approval", "Why?", style: 2, longest: 500),
    };

    private static JsonObject TextModal(string customId, string title, string label, int style, int longest) => new()
    {
        ["custom_id"] = customId,
        ["title"] = title,
        ["components"] = new JsonArray(new JsonObject
        {
            ["type"] = 1,
            ["components"] = new JsonArray(new JsonObject
            {
                ["type"] = 4,
                ["custom_id"] = TextInput,
                ["style"] = style,
                ["label"] = label,
                ["min_length"] = 1,
                ["max_length"] = longest,
                ["required"] = true,
            }),
        }),
    };

    /// <summary>The least right a press needs (R21); the engine knows what more it asks of whom.</summary>
    public static Rights Needs(string customId) => ChoiceId.TryParse(customId)?.Verb switch
    {
        ChoiceId.Wait => VerbRights.Of(ChoiceId.Retry),
        ChoiceId.Out => VerbRights.Of(ControlRoutes.WayOut.Name),
        { } verb => VerbRights.Of(verb),
        null => PlanCard.TryParse(customId) is { Start: true } ? VerbRights.Of("start") : Rights.Read,
    };

    /// <param name="by">Who, with the rights of this moment.</param>
    /// <param name="customId">The button's.</param>
    /// <param name="text">From the modal; empty otherwise.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Answer> PressAsync(Actor by, string customId, string text, CancellationToken ct)
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
            ChoiceId.Confirm => Answer.Of(await control.DecideAsync(by, id.Job, id.Arg, approve: true, Markup.Cut(text, 100), ct)),
            ChoiceId.Glass => Answer.Of(await control.BreakGlassAsync(by, id.Job, id.Arg, Markup.Cut(text, 300), ct)),
            ChoiceId.Refuse => Answer.Of(await control.DecideAsync(by, id.Job, id.Arg, approve: false, Markup.Cut(text, 500), ct)),
            ChoiceId.Pause => Answer.Of(await control.PauseAsync(by, id.Job, ct)),
            ChoiceId.Resume => Answer.Of(await control.ResumeAsync(by, id.Job, ct)),
            ChoiceId.Retry => Answer.Of(await control.RetryAsync(by, id.Job, extend: false, ct)),
            ChoiceId.Wait => Answer.Of(await control.RetryAsync(by, id.Job, extend: true, ct)),
            ChoiceId.Restore => Answer.Of(await control.RestoreAsync(by, id.Job, node, ct)),
            ChoiceId.Skip => Answer.Of(await control.SkipAsync(by, id.Job, node, ct)),
            ChoiceId.Abort => Answer.Of(await control.AbortAsync(by, id.Job, id.Arg == "now", ct)),
            ChoiceId.Answer => await AnswerAsync(by, id, text, ct),
            ChoiceId.Out => Answer.Of(await control.WayOutAsync(by, id.Job, id.Arg, ct)),
            ChoiceId.Rejoin => command.Planned(by, await control.PlanRejoinAsync(by, id.Job, id.Arg, ct), mayStart: true),
            ChoiceId.Handback => await command.HandBackAsync(by, id.Job, id.Arg, ct),
            ChoiceId.Ack => Answer.Of(await control.AcknowledgeAsync(by, id.Job, ct)),
            _ => Answer.Refused(OutOfDate),
        };
    }

    /// <summary>A choice travels by its number: its text may be longer than a button's id.</summary>
    private async Task<Answer> AnswerAsync(Actor by, ChoiceId id, string text, CancellationToken ct)
    {
        if (Presses.ReadAnswer(id.Arg) is not var (key, choice))
        {
            return Answer.Refused(OutOfDate);
        }

        if (choice is { } number)
        {
            var asked = (await control.ShowAsync(id.Job, ct))?.Job.Questions.Values.FirstOrDefault(q => q.Asked.Key.ToString() == key)?.Asked;
            if (asked is null || number >= asked.Choices.Length)
            {
                return Answer.Refused(OutOfDate);
            }

            text = asked.Choices[number];
        }

        return Answer.Of(await control.AnswerAsync(by, id.Job, key, text.Trim(), ct));
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

using System.Collections.Concurrent;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// Answers interactions, each on its own task. The acknowledgement comes first and decides: what Discord no longer lets us
/// acknowledge (late, replayed, already answered) was seen to fail by its person, so nothing is done for it.
/// </summary>
internal sealed partial class Interactions(
    DiscordApi api, GateKeeper gate, ScpCommand command, PressedButton buttons, Completion completion, IJobControl control,
    DiscordHealth health, TimeProvider time, IRandom random, ILogger<Interactions> log)
{
    /// <summary>From receipt. A press that lay about longer was made on a card that may have changed since.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(2);

    private readonly SeenIds _seen = new(time);
    private readonly ConcurrentDictionary<string, Task> _open = new(StringComparer.Ordinal);

    /// <summary>Called on the gateway's reader: starts the work and returns.</summary>
    public void Receive(GatewayDispatch dispatch)
    {
        if (dispatch.Type != "INTERACTION_CREATE" || Interaction.TryParse(dispatch) is not { } interaction)
        {
            return;
        }

        if (!_seen.Add(interaction.Id))
        {
            LogSeen(interaction.Id);
            return;
        }

        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[interaction.Id] = HandleAsync(interaction, begun.Task);
        begun.SetResult();
    }

    /// <summary>Waits for what is being answered, but not for ever.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        try
        {
            await Task.WhenAll(_open.Values).WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            LogUndrained(_open.Count);
        }
    }

    /// <param name="interaction">What somebody did.</param>
    /// <param name="begun">Completes when the reader has let go.</param>
    private async Task HandleAsync(Interaction interaction, Task begun)
    {
        await begun;
        using var limit = new CancellationTokenSource(WorkLimit, time);
        try
        {
            await (interaction.Kind switch
            {
                InteractionKind.Completion => CompleteAsync(interaction, limit.Token),
                InteractionKind.Command => CommandAsync(interaction, limit.Token),
                InteractionKind.Press or InteractionKind.Modal => PressAsync(interaction, limit.Token),
                _ => Task.CompletedTask,
            });
        }
        catch (Exception e)
        {
            LogUnanswered(e, interaction.Id);
        }
        finally
        {
            _open.TryRemove(interaction.Id, out _);
        }
    }

    private async Task CompleteAsync(Interaction interaction, CancellationToken ct)
    {
        ImmutableArray<(string Name, string Value)> choices = [];
        try
        {
            var allowed = gate.WhyNot(interaction, gate.Actor(interaction), Rights.Read) is null;
            choices = allowed && CommandCall.TryParse(interaction.Data) is { } call ? completion.For(call) : [];
        }
        catch (Exception e)
        {
            // An empty list is better than a spinner that fails.
            LogCompletion(e);
        }

        try
        {
            await api.CallbackAsync(interaction.Token, Callback.Choices(choices), ct);
        }
        catch (DiscordException e) when (e.Failure is DiscordFailure.InteractionUnknown or DiscordFailure.AlreadyAnswered)
        {
            // The person typed on.
        }
    }

    private async Task CommandAsync(Interaction interaction, CancellationToken ct)
    {
        var call = CommandCall.TryParse(interaction.Data);
        var said = call?.ToString() ?? $"/{interaction.Data.Text("name")}";
        var acked = await AcknowledgeAsync(interaction, Callback.Thinking(), ct);
        await AnswerAsync(interaction, said, acked, replies: true, by => call switch
        {
            null => Task.FromResult(Answer.Refused("This bot does not know that command.")),
            _ when gate.WhyNot(interaction, by, ScpCommand.Needs(call.Name)) is { } why => Task.FromResult(Answer.Refused(why)),
            _ => command.RunAsync(by, call, ct),
        });
    }

    private async Task PressAsync(Interaction interaction, CancellationToken ct)
    {
        var isModal = interaction.Kind == InteractionKind.Modal;
        var id = interaction.CustomId;
        var said = $"{(isModal ? "filled in" : "pressed")} {id}";
        var isFresh = time.GetElapsedTime(interaction.ReceivedAt) <= Fresh;
        if (!isModal && PressedButton.AsksText(id) && gate.WhyNot(interaction, gate.Actor(interaction), PressedButton.Needs(id)) is null)
        {
            await AcknowledgeAsync(interaction, Callback.Modal(PressedButton.TextModal(id)), ct);
            return;
        }

        var acked = await AcknowledgeAsync(interaction, isModal ? Callback.Thinking() : Callback.Silent(), ct);
        await AnswerAsync(interaction, said, acked, replies: isModal, by => gate.WhyNot(interaction, by, PressedButton.Needs(id)) switch
        {
            { } why => Task.FromResult(Answer.Refused(why)),
            null when !isFresh => Task.FromResult(Answer.Refused("That press came too late; look at the card and press again.")),
            null => buttons.PressAsync(by, id, interaction.ModalText(PressedButton.TextInput), ct),
        });
    }

    /// <returns>False when Discord does not take the answer any more; never throws for that.</returns>
    private async Task<bool> AcknowledgeAsync(Interaction interaction, JsonObject callback, CancellationToken ct)
    {
        try
        {
            await api.CallbackAsync(interaction.Token, callback, ct);
            health.Watch.Acknowledged(time.GetElapsedTime(interaction.ReceivedAt), wasTaken: true);
            return true;
        }
        catch (DiscordException e)
        {
            health.Watch.Acknowledged(time.GetElapsedTime(interaction.ReceivedAt), wasTaken: false);
            LogUnacknowledged(interaction.Id, e.Failure, time.GetElapsedTime(interaction.ReceivedAt));
            return false;
        }
    }

    private async Task AnswerAsync(Interaction interaction, string said, bool acked, bool replies, Func<Actor, Task<Answer>> work)
    {
        var by = gate.Actor(interaction);
        if (!acked)
        {
            await AuditAsync(by, said, "not done: Discord did not take the acknowledgement in time");
            return;
        }

        var answer = await WorkAsync(interaction, by, work);
        await AuditAsync(by, said, answer.Decision);
        try
        {
            if (replies || answer.ReplacesPressed)
            {
                await api.EditOriginalAsync(interaction.Token, answer.Message, CancellationToken.None);
            }
            else
            {
                await api.FollowUpAsync(interaction.Token, answer.Message, CancellationToken.None);
            }
        }
        catch (DiscordException e)
        {
            // What was decided stands and is on record; the card shows it.
            LogUntold(e, interaction.Id);
        }
    }

    private async Task<Answer> WorkAsync(Interaction interaction, Actor by, Func<Actor, Task<Answer>> work)
    {
        try
        {
            return await work(by);
        }
        catch (Exception e)
        {
            var bytes = new byte[4];
            random.NextBytes(bytes);
            var id = Convert.ToHexStringLower(bytes);
            LogFailed(e, id, interaction.Id);
            return new Answer(
                OutgoingMessage.Private(
                    $"Something went wrong here, not on your side. It is in the log as `{id}`; `/scp jobs` shows what really happened."),
                $"failed: {id}");
        }
    }

    private async Task AuditAsync(Actor by, string said, string decision)
    {
        try
        {
            await control.AuditAsync(by, Core.Chat.Markup.Cut(said, 500), Core.Chat.Markup.Cut(decision, 500), CancellationToken.None);
        }
        catch (Exception e)
        {
            LogUnaudited(e, by.Person.Id, said, decision);
        }
    }
}

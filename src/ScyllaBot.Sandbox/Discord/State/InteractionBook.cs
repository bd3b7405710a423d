using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Interactions sent to the bot, with the two deadlines of each: the first answer (3 s) and the token (15 min).</summary>
internal sealed class InteractionBook(DiscordWorld world)
{
    private const int Keep = 5_000;

    private const int KeepModals = 200;

    private readonly Dictionary<ulong, Interaction> _byId = [];

    private readonly Queue<ulong> _order = [];

    private readonly List<OpenModal> _modals = [];

    public Interaction? Find(ulong? id) => id is { } known ? _byId.GetValueOrDefault(known) : null;

    public Interaction? WithToken(string token) => _byId.Values.FirstOrDefault(interaction => interaction.Token == token);

    public bool TooLate(Interaction interaction) => world.Time.GetElapsedTime(interaction.StartedAt) >= world.Options.FirstAnswer;

    public bool TokenDead(Interaction interaction) => world.Time.GetElapsedTime(interaction.StartedAt) >= world.Options.TokenLife;

    /// <summary>Sends an interaction to every session, twice if a fault says so, and starts its clock.</summary>
    public Interaction Send(int type, Person user, Channel channel, JsonObject data, Message? source = null, Interaction? trigger = null)
    {
        var interaction = new Interaction(world.Ids.Next(), NewToken(), type, user, channel, world.Time.GetTimestamp())
        {
            Data = data,
            Source = source,
            Trigger = trigger,
        };
        _byId.Add(interaction.Id, interaction);
        _order.Enqueue(interaction.Id);
        if (_order.Count > Keep && _byId.Remove(_order.Dequeue(), out var old))
        {
            old.Deadline?.Dispose();
        }

        interaction.Deadline = world.Time.CreateTimer(Expire, interaction, world.Options.FirstAnswer, Timeout.InfiniteTimeSpan);
        world.Broadcast.InteractionCreated(interaction, world.Faults.TakeDeliveries());
        return interaction;
    }

    /// <summary>Notes the callback; a thinking message gets the token's end as its next deadline.</summary>
    public void Answered(Interaction interaction, int type)
    {
        interaction.Answer = type;
        var left = world.Options.TokenLife - world.Time.GetElapsedTime(interaction.StartedAt);
        interaction.Deadline?.Change(type == 5 ? left : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        world.Broadcast.InteractionState(interaction, "acked");
    }

    public void OpenModal(Interaction opener, JsonObject modal)
    {
        _modals.RemoveAll(open => open.User == opener.User.Id && open.CustomId == modal.Text("custom_id"));
        _modals.Add(new OpenModal(opener.User.Id, modal.Text("custom_id")!, opener, modal));
        if (_modals.Count > KeepModals)
        {
            _modals.RemoveAt(0);
        }
    }

    /// <summary>The modal that this user has open; submitting closes it.</summary>
    public OpenModal? FindModal(ulong user, string? customId) => _modals.Find(open => open.User == user && open.CustomId == customId);

    public void CloseModal(OpenModal modal) => _modals.Remove(modal);

    private static string NewToken() => "aW50ZXJhY3Rpb246" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(80));

    private void Expire(object? state)
    {
        var interaction = (Interaction)state!;
        lock (world.Gate)
        {
            if (interaction.Answer is null && !interaction.Failed)
            {
                Fail(interaction);
            }
            else if (interaction.Original is { IsLoading: true } thinking)
            {
                thinking.Failed = true;
                world.Broadcast.PageOnly(thinking);
            }
        }
    }

    private void Fail(Interaction interaction)
    {
        interaction.Failed = true;
        interaction.Choices.TrySetResult(null);
        world.Broadcast.InteractionState(interaction, "failed");
        if (interaction.Type == Interaction.AutocompleteType)
        {
            return;
        }

        if (interaction.Source is { } source)
        {
            source.Failed = true;
            world.Broadcast.PageOnly(source);
            return;
        }

        var notice = new Message(world.Ids.Next(), interaction.Channel, world.Now)
        {
            Type = Message.Command,
            AuthorId = Known.Bot,
            Origin = interaction,
            OnlyFor = interaction.User.Id,
            Flags = Message.Ephemeral,
            Local = true,
            Failed = true,
        };
        interaction.Channel.Add(notice, world.Options.MessagesPerChannel);
        world.Broadcast.PageOnly(notice);
    }
}

/// <summary>A modal that a user's client shows.</summary>
internal sealed record OpenModal(ulong User, string CustomId, Interaction Opener, JsonObject Modal);

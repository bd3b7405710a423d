namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>The channels of the guild, its threads and the bot's direct messages.</summary>
internal sealed class ChannelBook
{
    /// <summary>
    /// Discord's cap on active threads is 1,000 (160006); archived ones count here as well, so that memory stays bounded.
    /// </summary>
    public const int MaxThreads = 1_000;

    private readonly DiscordWorld _world;

    private readonly Dictionary<ulong, Channel> _byId = [];

    public ChannelBook(DiscordWorld world)
    {
        _world = world;
        Add(new Channel(Known.Category, Channel.GuildCategory, "channels"));
        var names = new[]
        {
            (Known.Ops, "ops"),
            (Known.Staging, "staging"),
            (Known.InfraDoing, "infra-doing"),
            (Known.OnCallChannel, "oncall"),
        };
        foreach (var (position, (id, name)) in names.Index())
        {
            Add(new Channel(id, Channel.GuildText, name) { ParentId = Known.Category, Position = position });
        }
    }

    public IEnumerable<Channel> All => _byId.Values;

    public IEnumerable<Channel> Threads => All.Where(channel => channel.IsThread);

    public Channel? Find(ulong? id) => id is { } known ? _byId.GetValueOrDefault(known) : null;

    /// <summary>Null when the guild has as many threads as it may have.</summary>
    public Channel? AddThread(Channel parent, ulong id, int type, string name, ThreadDetails state) =>
        Threads.Count() >= MaxThreads ? null : Add(new Channel(id, type, name) { ParentId = parent.Id, Thread = state });

    /// <summary>The direct-message channel with this user; the same one each time.</summary>
    public Channel DirectWith(ulong user) =>
        All.FirstOrDefault(channel => channel.Recipient == user)
        ?? Add(new Channel(_world.Ids.Next(), Channel.Direct, "") { Recipient = user });

    public void Remove(Channel thread) => _byId.Remove(thread.Id);

    private Channel Add(Channel channel)
    {
        _byId.Add(channel.Id, channel);
        return channel;
    }
}

using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>Who may what here, by the name of their user on this machine. Deny by default.</summary>
internal sealed class ControlUsers
{
    /// <summary>Says that an approver has no account in chat, so that no press there can be theirs.</summary>
    public const string NotInChat = "none";

    private const string Root = "root";
    private readonly ImmutableSortedDictionary<string, Rights> _rights;
    private readonly ImmutableSortedDictionary<string, string> _chatIds;

    private ControlUsers(ImmutableSortedDictionary<string, Rights> rights, ImmutableSortedDictionary<string, string> chatIds) => (_rights, _chatIds) = (rights, chatIds);

    /// <param name="settings">As configured.</param>
    /// <param name="self">The user the bot runs as.</param>
    /// <exception cref="StartRefusedException">A right, an id or an approver's line is wrong or missing.</exception>
    public static ControlUsers Of(ControlSettings settings, string self)
    {
        var rights = ImmutableSortedDictionary.CreateBuilder<string, Rights>(StringComparer.Ordinal);
        rights[Root] = rights[self] = Rights.Read | Rights.Operate;
        foreach (var (user, words) in settings.Users ?? [])
        {
            rights[user] = words.Aggregate(Rights.None, (all, word) => all | RightOf(user, word)) is var sum && sum == Rights.None ? sum : sum | Rights.Read;
        }

        var chatIds = (settings.ChatIds ?? []).ToImmutableSortedDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        foreach (var (user, id) in chatIds)
        {
            if (id != NotInChat && (id.Length is 0 or > 20 || !id.All(char.IsAsciiDigit)))
            {
                throw new StartRefusedException($"ScyllaBot:Control:ChatIds:{user} is {id}: it must be the id of a person in chat, or {NotInChat}.");
            }
        }

        // R16: whoever asks here must not approve in chat as if they were somebody else, nor the other way round.
        return settings.Users?.Keys.Order(StringComparer.Ordinal).FirstOrDefault(u => (rights[u] & (Rights.Operate | Rights.Approve)) != Rights.None && !chatIds.ContainsKey(u)) is { } unknown
            ? throw new StartRefusedException(
                $"ScyllaBot:Control:Users:{unknown} may operate or approve: say who that is in chat with ScyllaBot:Control:ChatIds:{unknown} (an id, or {NotInChat}), "
                + "so that nobody approves what they asked for themselves.")
            : new ControlUsers(rights.ToImmutable(), chatIds);
    }

    public Rights RightsOf(string user) => _rights.GetValueOrDefault(user, Rights.None);

    public bool Knows(string user) => _rights.ContainsKey(user);

    /// <summary>Under the id of chat where there is one: the same person on both surfaces.</summary>
    public Person PersonOf(string user) => new(_chatIds.TryGetValue(user, out var id) && id != NotInChat ? id : $"os:{user}", $"os:{user}");

    /// <param name="user">On this machine.</param>
    /// <param name="channel">Where cards of their jobs stand.</param>
    /// <param name="request">Id of what they ask.</param>
    public Actor ActorOf(string user, string channel, string request) => new(PersonOf(user), RightsOf(user), [$"os:{user}"], channel, request);

    private static Rights RightOf(string user, string word) => word.ToLowerInvariant() switch
    {
        "read" => Rights.Read,
        "operate" => Rights.Operate,
        "approve" => Rights.Approve,
        "none" => Rights.None,
        _ => throw new StartRefusedException($"ScyllaBot:Control:Users:{user} has {word}: there are read, operate, approve and none."),
    };
}

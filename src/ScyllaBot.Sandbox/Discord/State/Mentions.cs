using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Mentions that stand in the text <em>and</em> are allowed (docs: Message, Allowed Mentions Object).</summary>
internal sealed partial record Mentions(IReadOnlyList<ulong> Users, IReadOnlyList<ulong> Roles, bool Everyone)
{
    public static Mentions None { get; } = new([], [], Everyone: false);

    /// <summary>Reads a message's mentions.</summary>
    /// <param name="text">Content, or the text displays of a V2 message.</param>
    /// <param name="allowed">The request's allowed_mentions; null = the default of <paramref name="usersOnly"/>.</param>
    /// <param name="usersOnly">Interactions and webhooks parse users only when nothing is said; ordinary messages parse everything.</param>
    /// <param name="repliedTo">The author of the message replied to, else null.</param>
    /// <param name="author">The sender: only MENTION_EVERYONE makes @everyone and unmentionable roles real.</param>
    public static Mentions In(string text, JsonObject? allowed, bool usersOnly, ulong? repliedTo, Person? author)
    {
        var parse = allowed is null
            ? usersOnly
                ? ["users"]
                : ["users", "roles", "everyone"]
            : (allowed.List("parse") ?? []).OfType<JsonValue>().Select(value => value.ToString()).ToArray();
        var may = author is not null && (author.Permissions & (Permission.MentionEveryone | Permission.Administrator)) != 0;
        var users = Ids(UserMention(), text).Where(id => Person.Find(id) is not null && Allows(allowed, parse, "users", id)).ToList();
        if (repliedTo is { } replied && (allowed is null || allowed.Truth("replied_user") == true) && Person.Find(replied) is not null)
        {
            users.Add(replied);
        }

        var roles = Ids(RoleMention(), text)
            .Where(id => Role.Find(id) is { } role && (role.Mentionable || may) && Allows(allowed, parse, "roles", id));
        var everyone = may && parse.Contains("everyone") && EveryoneMention().IsMatch(text);
        return new Mentions([.. users.Distinct()], [.. roles], everyone);
    }

    public JsonArray UserObjects() => new([.. Users.Select(id => (JsonNode)Person.Find(id)!.User())]);

    public JsonArray RoleIds() => new([.. Roles.Select(id => (JsonNode)id.ToString())]);

    /// <summary>Who would hear about it: never the author, never a bot.</summary>
    public IReadOnlyList<ulong> Pinged(ulong author) =>
        [
            .. Person
                .All.Where(person =>
                    !person.Bot
                    && person.Id != author
                    && (Everyone || Users.Contains(person.Id) || person.Roles.Any(role => Roles.Contains(role)))
                )
                .Select(person => person.Id),
        ];

    private static bool Allows(JsonObject? allowed, string[] parse, string kind, ulong id) =>
        parse.Contains(kind, StringComparer.Ordinal) || (allowed?.List(kind) ?? []).Any(item => JsonReading.Id(item) == id);

    private static IEnumerable<ulong> Ids(Regex pattern, string text) =>
        pattern.Matches(text).Select(match => JsonReading.Id(match.Groups["id"].Value)).OfType<ulong>().Distinct();

    [GeneratedRegex("<@!?(?<id>[0-9]{1,20})>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserMention();

    [GeneratedRegex("<@&(?<id>[0-9]{1,20})>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RoleMention();

    [GeneratedRegex("@(everyone|here)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EveryoneMention();
}

using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Specification;

public sealed class OpenApiTests
{
    private const string Messages = "/channels/{channel_id}/messages";

    private const string Callbacks = "/interactions/{interaction_id}/{interaction_token}/callback";

    private static readonly Notice Full = new(Severity.Bad, new string('t', 300))
    {
        Headline = new string('h', 3000),
        Body = new string('b', 5000),
        Footer = "footer",
        Parts = [.. Enumerable.Range(0, 30).Select(i => new NoticePart($"part {i}", new string('p', 2000), Inline: true))],
        Choices = [.. Enumerable.Range(0, 30).Select(i =>
            new Choice($"scp:v1:skip:J:{i}", new string('l', 100), ChoiceKind.Danger, i != 3))],
        Mentions = new Mentions(["42"], ["on-call"]),
    };

    private static readonly NoticeCard Card = new(new RoleBook(new DiscordOptions { OnCallRole = "77" }));

    [FactWithShared]
    public async Task The_description_refuses_what_Discord_refuses()
    {
        var message = Card.Post(Full, "nonce").ToCreate();
        message["embeds"]![0]!["title"] = new string('x', 257);
        Assert.NotEmpty(await OpenApi.WrongAsync(Messages, "post", message));
        var commands = CommandDefinition.Build();
        commands[0]!["options"]![0]!["description"] = new string('d', 101);
        Assert.NotEmpty(await OpenApi.WrongAsync("/applications/{application_id}/guilds/{guild_id}/commands", "put", commands));
    }

    [FactWithShared]
    public async Task Messages_and_edits_are_as_described()
    {
        Assert.Empty(await OpenApi.WrongAsync(Messages, "post", Card.Post(Full, "01ARZ3NDEKTSV4RRFFQ.0").ToCreate()));
        Assert.Empty(await OpenApi.WrongAsync(Messages + "/{message_id}", "patch", Card.Edit(Full).ToEdit()));
        Assert.Empty(await OpenApi.WrongAsync(
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "patch",
            Card.Private(PlanCard.Of(Samples.Plan(new RunRequest("1", "w", "c", new Target.All(), ImmutableSortedDictionary<string,
                string>.Empty, "")), "1", false)).ToEdit()));
    }

    [FactWithShared]
    public async Task Commands_are_as_described() =>
        Assert.Empty(await OpenApi.WrongAsync("/applications/{application_id}/guilds/{guild_id}/commands", "put",
            CommandDefinition.Build()));

    [FactWithShared]
    public async Task First_answers_are_as_described()
    {
        JsonObject[] answers =
        [
            Callback.Thinking(), Callback.Silent(), Callback.Choices([("name", "value")]), Callback.Choices([]),
            Callback.Modal(PressedButton.TextModal("scp:v1:refuse:J:start")),
        ];
        foreach (var answer in answers)
        {
            Assert.Empty(await OpenApi.WrongAsync(Callbacks, "post", answer));
        }
    }
}

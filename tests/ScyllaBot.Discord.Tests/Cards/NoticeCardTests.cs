using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Tests.Cards;

public sealed class NoticeCardTests
{
    private static readonly DiscordOptions Options = new() { OnCallRole = "77", Roles = { ["Approve"] = ["88"] } };

    private static readonly NoticeCard Card = new(new RoleBook(Options));

    public static TheoryData<int, int, int, int> Sizes =>
        new() { { 0, 0, 0, 0 }, { 255, 4096, 25, 1024 }, { 9000, 9000, 60, 9000 }, { 10, 10, 3, 0 }, { 256, 5000, 1, 5000 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Stays_within_every_documented_limit_whatever_it_is_given(int title, int body, int parts, int text)
    {
        var notice = new Notice(Severity.Bad, Long(title))
        {
            Headline = Long(body),
            Body = Long(body),
            Footer = Long(body),
            Parts = [.. Enumerable.Range(0, parts).Select(i => new NoticePart(Long(title), Long(text)))],
            Choices = [.. Enumerable.Range(0, parts).Select(i => new Choice($"scp:v1:pause:{i}", Long(text), ChoiceKind.Plain))],
            Mentions = new Mentions([.. Enumerable.Range(0, 50).Select(i => $"{i + 1}")], ["on-call"]),
        };
        var json = Card.Post(notice, "nonce").ToCreate();
        var embed = json["embeds"]![0]!.AsObject();
        var fields = embed["fields"]?.AsArray() ?? [];
        string[] texts =
        [
            embed["title"]?.ToString() ?? "", embed["description"]?.ToString() ?? "", embed["footer"]!["text"]!.ToString(),
            .. fields.SelectMany(f => new[] { f!["name"]!.ToString(), f["value"]!.ToString() }),
        ];

        Assert.InRange(json["content"]!.ToString().Length, 0, 2000);
        Assert.InRange(texts[0].Length, 0, 256);
        Assert.InRange(texts[1].Length, 0, 4096);
        Assert.InRange(texts[2].Length, 1, 2048);
        Assert.InRange(texts.Sum(t => t.Length), 1, 6000);
        Assert.InRange(fields.Count, 0, 25);
        Assert.All(fields, f => Assert.InRange(f!["name"]!.ToString().Length, 1, 256));
        Assert.All(fields, f => Assert.InRange(f!["value"]!.ToString().Length, 1, 1024));
        Assert.InRange(json["components"]!.AsArray().Count, 0, 5);
        Assert.All(json["components"]!.AsArray(), r => Assert.InRange(r!["components"]!.AsArray().Count, 1, 5));
        Assert.All(json["components"]!.AsArray().SelectMany(r => r!["components"]!.AsArray()), b =>
            Assert.InRange(b!["label"]!.ToString().Length, 1, 80));
    }

    [Fact]
    public void Only_who_is_named_is_rung_and_only_by_a_new_message()
    {
        var notice = new Notice(Severity.Bad, "Halted <@55> @everyone")
        {
            Headline = "Halted",
            Mentions = new Mentions(["42", "not an id", "42"], ["on-call", "approve", "nobody"]),
        };
        var post = Card.Post(notice, "n").ToCreate();
        var edit = Card.Edit(notice).ToEdit();

        Assert.Equal("Halted <@42> <@&77> <@&88>", post["content"]!.ToString());
        Assert.Equal("""{"parse":[],"users":["42"],"roles":["77","88"]}""", post["allowed_mentions"]!.ToJsonString());
        Assert.Equal("""{"parse":[]}""", edit["allowed_mentions"]!.ToJsonString());
    }

    [Fact]
    public void The_nonce_is_sent_and_stands_in_the_footer()
    {
        var post = Card.Post(new Notice(Severity.Info, "t") { Footer = Long(5000) }, "01J1.0").ToCreate();
        Assert.Equal("01J1.0", post["nonce"]!.ToString());
        Assert.True(post["enforce_nonce"]!.GetValue<bool>());
        Assert.EndsWith("… · 01J1.0", post["embeds"]![0]!["footer"]!["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("01J1.0",
            Card.Post(new Notice(Severity.Info, "t"), "01J1.0").ToCreate()["embeds"]![0]!["footer"]!["text"]!.ToString());
    }

    [Fact]
    public void A_button_whose_id_is_too_long_can_not_be_pressed()
    {
        var rows = ButtonRows.Of([new Choice("scp:v1:skip:" + Long(100), "Skip", ChoiceKind.Danger),
            new Choice("a", "A", ChoiceKind.Good, Enabled: false)]);
        var buttons = rows.Single()["components"]!.AsArray();
        Assert.All(buttons, b => Assert.True(b!["disabled"]!.GetValue<bool>()));
        Assert.Null(ChoiceId.TryParse(buttons[0]!["custom_id"]!.ToString()));
        Assert.Equal([4, 3], buttons.Select(b => b!["style"]!.GetValue<int>()));
    }

    [Fact]
    public void Log_lines_can_not_leave_their_block_and_batches_fit()
    {
        ImmutableArray<string> lines = ["```@everyone", "two``\u0001` of \u202egnp", "a\nb", Long(5000), .. Enumerable.Repeat(Long(300), 20)];
        var batches = LogBatches.Of(lines, 1900).ToList();
        Assert.All(batches, b => Assert.InRange(b.Length, 9, 2000));
        Assert.All(batches, b => Assert.Equal(3, b.Split("```").Length));
        Assert.DoesNotContain(batches, b => b.Contains('\u202e'));
        Assert.Equal(lines.Length, batches.Sum(b => b.Split('\n').Length - 2));
    }

    [Fact]
    public void An_edit_takes_away_what_is_gone()
    {
        var edit = new OutgoingMessage(AllowedMentions.None).ToEdit();
        Assert.Equal("""{"content":"","embeds":[],"components":[],"allowed_mentions":{"parse":[]}}""", edit.ToJsonString());
    }

    private static string Long(int length) => string.Concat(Enumerable.Repeat("😀x", (length / 3) + 1))[..length];
}

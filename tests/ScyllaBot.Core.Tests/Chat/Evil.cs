using System.Text;
using ScyllaBot.Core.Chat;

namespace ScyllaBot.Core.Tests.Chat;

/// <summary>What people and nodes may send to break a card.</summary>
internal static class Evil
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static readonly string[] Texts =
    [
        "**bold** @everyone @here <@184405311681986560> <@&1> ```fence``` [x](http://evil) || # big",
        new('@', 10_000),
        string.Concat(Enumerable.Repeat("🧨", 5_000)),
        "a" + string.Concat(Enumerable.Repeat("🧨", 5_000)),
        "line\r\nline\n# headline\u0000\u0007\u2028more",
        new('x', 10_000),
        "two``\u0001` and \u202egnp.exe",
    ];

    /// <summary>Discord's limits (facts/discord.md B), and nothing in it that would ring.</summary>
    public static void AssertFits(Notice notice)
    {
        var posted = NonceFooter.On(notice, "01KG3DVQ8PABCDEF1f.0");
        Assert.InRange(posted.Title.Length, 1, 256);
        Assert.InRange(posted.Headline.Length, 0, 2000);
        Assert.InRange(posted.Body.Length, 0, 4096);
        Assert.InRange(posted.Footer.Length, 1, 2048);
        Assert.InRange(posted.Parts.Length, 0, 25);
        Assert.InRange(posted.Choices.Length, 0, 25);
        Assert.All(posted.Parts, p => Assert.InRange(p.Name.Length, 1, 256));
        Assert.All(posted.Parts, p => Assert.InRange(p.Text.Length, 1, 1024));
        Assert.All(posted.Choices, c => Assert.InRange(c.Label.Length, 1, 80));
        Assert.All(posted.Choices, c => Assert.NotNull(ChoiceId.TryParse(c.Id)));
        Assert.Equal(posted.Choices.Length, posted.Choices.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(NoticeLimits.Size(posted), 1, 6000);
        var all = NoticeText.Of(posted);
        Assert.DoesNotContain("@everyone", all, StringComparison.Ordinal);
        Assert.DoesNotContain("<@&", all, StringComparison.Ordinal);
        Assert.DoesNotContain("```", all, StringComparison.Ordinal);
        Assert.NotEmpty(Strict.GetBytes(all));
    }
}

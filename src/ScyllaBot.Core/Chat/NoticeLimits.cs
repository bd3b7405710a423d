namespace ScyllaBot.Core.Chat;

/// <summary>The tightest chat's limits (Discord: embed limits, message content, rows of buttons). Every notice is made to fit.</summary>
public static class NoticeLimits
{
    public const int Title = 256;

    public const int Headline = 1900;

    public const int Body = 4096;

    public const int PartName = 256;

    public const int PartText = 1024;

    public const int Parts = 25;

    public const int Label = 80;

    public const int Choices = 25;

    /// <summary>Leaves room for the nonce that delivery adds.</summary>
    public const int Footer = 1900;

    /// <summary>Title, body, part names and texts and footer together: Discord's 6000 less the nonce's room.</summary>
    public const int Total = 5900;

    private const int Shortest = 64;

    /// <summary>The same notice, cut where it is too long: the longest texts first. Parts without text go.</summary>
    public static Notice Fit(Notice notice)
    {
        var fit = notice with
        {
            Title = Markup.Cut(notice.Title, Title),
            Headline = Markup.Cut(notice.Headline, Headline),
            Body = Markup.Cut(notice.Body, Body),
            Footer = Markup.Cut(notice.Footer, Footer),
            Parts = [.. notice.Parts.Where(p => !string.IsNullOrWhiteSpace(p.Text)).Take(Parts)
                .Select(p => p with { Name = Markup.Cut(p.Name, PartName), Text = Markup.Cut(p.Text, PartText) })],
            Choices = [.. notice.Choices.Take(Choices).Select(c => c with { Label = Markup.Cut(c.Label, Label) })],
        };
        while (Size(fit) is var size && size > Total)
        {
            fit = ShortenLongest(fit, size - Total);
        }

        return fit;
    }

    /// <summary>What counts against <see cref="Total"/>, in UTF-16 units.</summary>
    public static int Size(Notice notice) =>
        notice.Title.Length + notice.Body.Length + notice.Footer.Length + notice.Parts.Sum(p => p.Name.Length + p.Text.Length);

    private static Notice ShortenLongest(Notice notice, int excess)
    {
        var part = notice.Parts.MaxBy(p => p.Text.Length);
        if (part is not null && Math.Max(part.Text.Length, notice.Body.Length) <= Shortest)
        {
            return notice with { Parts = notice.Parts.RemoveAt(notice.Parts.Length - 1) };
        }

        if (part is null || notice.Body.Length >= part.Text.Length)
        {
            return notice with { Body = Shorter(notice.Body, excess) };
        }

        return notice with { Parts = notice.Parts.Replace(part, part with { Text = Shorter(part.Text, excess) }) };
    }

    // Halving spreads the cut over the long texts instead of emptying one of them.
    private static string Shorter(string text, int excess) =>
        Markup.Cut(text, Math.Max(Shortest, Math.Max(text.Length / 2, text.Length - excess)));
}

namespace ScyllaBot.Discord.Cards;

/// <summary>
/// Source: developer docs, "Message object" and "Component reference"; lengths in UTF-16 units, which errs on the safe side.
/// </summary>
internal static class CardLimits
{
    public const int Content = 2000;
    public const int Title = 256;
    public const int Description = 4096;
    public const int Fields = 25;
    public const int FieldName = 256;
    public const int FieldValue = 1024;
    public const int Footer = 2048;

    /// <summary>All text of all embeds of a message.</summary>
    public const int Embeds = 6000;

    public const int ButtonsPerRow = 5;
    public const int Rows = 5;
    public const int ButtonLabel = 80;
    public const int CustomId = 100;
    public const int ThreadName = 100;
    public const int Choices = 25;
    public const int Choice = 100;
}

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>Words that shells like to take apart.</summary>
internal static class NastyWords
{
    private static readonly string[] Parts =
    [
        "'", "\"", "`id`", "$(id)", "$HOME", "${IFS}", " ", "\t", "\n", "\\", "\\\\", ";", "&&", "|", "<", ">", "*", "?", "[a-z]", "~", "!", "!!", "#", "{a,b}", "=", "%s",
        "\r", "\u0001", "\u007f", "é", "漢", "🦑", "-n", "--", "(", ")", "^", "''", "a", "0", "",
    ];

    public static string[] Some(int count, int seed)
    {
        var dice = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, dice.Next(6)).Select(_ => Parts[dice.Next(Parts.Length)])))];
    }
}

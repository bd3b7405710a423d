using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Tasks;

public sealed class NearestTests
{
    [Theory]
    [InlineData("retires", "retries")]
    [InlineData("RETRIES", "retries")]
    [InlineData("retry", null)]
    [InlineData("tiemout_seconds", "timeout_seconds")]
    [InlineData("", null)]
    [InlineData("something_else", null)]
    public void Finds_what_was_probably_meant(string word, string? meant) =>
        Assert.Equal(meant, Nearest.To(word, ["timeout_seconds", "retries", "name"]));

    [Theory]
    [InlineData("ab", "ba", 1), InlineData("abc", "abc", 0), InlineData("abc", "", 3), InlineData("kitten", "sitting", 3),
        InlineData("abcd", "acbd", 1)]
    public void Counts_letters_added_dropped_changed_or_swapped(string a, string b, int distance)
    {
        Assert.Equal(distance, Nearest.Distance(a, b));
        Assert.Equal(distance, Nearest.Distance(b, a));
    }
}

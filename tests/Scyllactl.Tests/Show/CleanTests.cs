using Scyllactl.Show;

namespace Scyllactl.Tests.Show;

public sealed class CleanTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred[0m")]
    [InlineData("a\u0007b\u009bc\u007f", "abc")]
    [InlineData("two\r\nlines\there", "two lines here")]
    [InlineData("ab\u202edc\u2066\u200f", "abdc")]
    public void Nothing_in_a_line_reaches_the_terminals_own_language(string text, string clean)
    {
        Assert.Equal(clean, Clean.Line(text));
    }

    [Fact]
    public void A_block_keeps_its_lines_and_only_them()
    {
        Assert.Equal("a\nb c", Clean.Block("a\r\nb\u001b\tc"));
    }

    [Fact]
    public void Long_text_is_cut_without_splitting_a_letter()
    {
        Assert.Equal("ab…", Clean.Line("ab😀cd", 4));
    }
}

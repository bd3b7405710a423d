using ScyllaBot.Core.Control;

namespace ScyllaBot.Core.Tests.Control;

public sealed class NamedValuesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=1", "a:1")]
    [InlineData("  a=1   b=x=y ", "a:1|b:x=y")]
    [InlineData("a=\"two words\" b=", "a:two words|b:")]
    [InlineData("a=\"say \\\"hi\\\" \\\\\"", "a:say \"hi\" \\")]
    [InlineData("a=\"\"", "a:")]
    public void Reads_names_and_values(string text, string expected)
    {
        var (values, wrong) = NamedValues.Parse(text);
        Assert.Empty(wrong);
        Assert.Equal(expected, string.Join('|', values.Select(v => $"{v.Key}:{v.Value}")));
    }

    [Theory]
    [InlineData("novalue", "'novalue' is not name=value")]
    [InlineData("=x", "'=x' is not name=value")]
    [InlineData("a=1 a=2", "'a' is given twice")]
    [InlineData("a=\"open", "a quotation mark is not closed")]
    public void Says_what_is_wrong(string text, string why) => Assert.Equal(why, Assert.Single(NamedValues.Parse(text).Wrong));

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a=1 b", "a=1 ", "b")]
    [InlineData("n1,n2,n", "n1,n2,", "n")]
    public void Splits_off_what_is_being_typed(string text, string before, string last) =>
        Assert.Equal((before, last), NamedValues.SplitLast(text));
}

using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Tests.Peers;

public sealed class MemberTests
{
    [Fact]
    public void A_line_is_a_node() =>
        Assert.Equal(new Member("one", "10.0.0.1", "east", "a"), Assert.Single(Member.Read("# name address dc rack\n\none 10.0.0.1 east a\n").Members));

    [Theory]
    [InlineData("one 10.0.0.1 east", "line 1")]
    [InlineData("# all\none 10.0.0.1 east a\none 10.0.0.2 east b", "one is there twice")]
    public void What_is_wrong_with_the_members_is_said(string text, string said) =>
        Assert.Contains(said, Member.Read(text).Error, StringComparison.Ordinal);
}

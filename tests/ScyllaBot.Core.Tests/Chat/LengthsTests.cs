using ScyllaBot.Core.Chat;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class LengthsTests
{
    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(3600 + 59, "1 h")]
    [InlineData((3 * 86400) - 1, "2 d 23 h")]
    public void A_length_is_said_in_two_units_at_most_and_never_longer_than_it_is(double seconds, string said) =>
        Assert.Equal(said, Lengths.Of(TimeSpan.FromSeconds(seconds)));
}

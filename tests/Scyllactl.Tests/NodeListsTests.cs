namespace Scyllactl.Tests;

public sealed class NodeListsTests
{
    [Theory]
    // As a shell hands over the article's third command: the indented continuations are arguments of their own.
    [InlineData("job run w --cluster=c --nodes=a-10, b-10, c-10", "job run w --cluster=c --nodes=a-10,b-10,c-10")]
    [InlineData("--nodes a, b --yes", "--nodes a,b --yes")]
    [InlineData("--except a, b, c", "--except a,b,c")]
    [InlineData("--nodes=a, --yes", "--nodes=a, --yes")]
    [InlineData("--reason one, two", "--reason one, two")]
    [InlineData("--nodes=a b", "--nodes=a b")]
    public void A_list_that_ends_in_a_comma_goes_on_in_the_next_argument(string typed, string joined)
    {
        Assert.Equal(joined.Split(' '), NodeLists.Joined(typed.Split(' ')));
    }
}

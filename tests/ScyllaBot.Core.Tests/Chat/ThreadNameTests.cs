using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class ThreadNameTests
{
    private static readonly JobId Id = new("01JD7Q2M9K3XYZ");

    [Fact]
    public void A_short_name_is_title_cluster_and_job() =>
        Assert.Equal("Restart every node · messages-stg · 01JD7Q2M9K3XYZ", ThreadName.Of("Restart every\nnode".Replace('\n', ' '), "messages-stg", Id));

    [Theory]
    [InlineData(101)]
    [InlineData(5000)]
    public void A_long_title_gives_way_to_cluster_and_job(int length)
    {
        var name = ThreadName.Of(new string('t', length), "messages-stg", Id);

        Assert.Equal(ThreadName.Longest, name.Length);
        Assert.EndsWith("t… · messages-stg · 01JD7Q2M9K3XYZ", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_room_for_a_title_the_job_is_whole()
    {
        var name = ThreadName.Of("Restart every node", new string('c', 200), Id);

        Assert.InRange(name.Length, 1, ThreadName.Longest);
        Assert.StartsWith("01JD7Q2M9K3XYZ · ccc", name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_one_line() => Assert.DoesNotContain('\n', ThreadName.Of("a\nb", "c\nd", Id));
}

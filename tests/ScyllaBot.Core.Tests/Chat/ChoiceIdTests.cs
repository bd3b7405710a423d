using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class ChoiceIdTests
{
    [Theory]
    [InlineData("scp:v1:approve:01KG3DVQ8PABCDEF:start", "approve", "start")]
    [InlineData("scp:v1:approve:01KG3DVQ8PABCDEF:1.2@scylla-a-1", "approve", "1.2@scylla-a-1")]
    [InlineData("scp:v1:restore:01KG3DVQ8PABCDEF:a:b@c.d", "restore", "a:b@c.d")]
    [InlineData("scp:v1:pause:01KG3DVQ8PABCDEF", "pause", "")]
    public void Reads_back_what_it_wrote(string text, string verb, string arg)
    {
        var id = ChoiceId.TryParse(text);
        Assert.Equal(new ChoiceId(verb, Sample.Id, arg), id);
        Assert.Equal(text, id!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("scp:v1:")]
    [InlineData("scp:v1:pause")]
    [InlineData("scp:v1:pause:")]
    [InlineData("scp:v1:pause:JOB:")]
    [InlineData("scp:v2:pause:JOB")]
    [InlineData("scp:v1:drop:JOB")]
    [InlineData("scp:v1:Pause:JOB")]
    [InlineData("SCP:v1:pause:JOB")]
    [InlineData("scp:v1:pause:J B")]
    [InlineData("scp:v1:pause:job/..")]
    [InlineData("scp:v1:skip:JOB:no de")]
    [InlineData("scp:v1:skip:JOB:nöde")]
    [InlineData("scp:v1:skip:JOB:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Refuses_what_it_could_not_have_written(string? text) => Assert.Null(ChoiceId.TryParse(text));

    [Fact]
    public void Throws_rather_than_write_more_than_a_button_can_carry()
    {
        var longest = new ChoiceId(ChoiceId.Skip, Sample.Id, new string('n', 71));
        Assert.Equal(100, longest.ToString().Length);
        Assert.Throws<InvalidOperationException>(() => (longest with { Arg = longest.Arg + "n" }).ToString());
        Assert.Throws<InvalidOperationException>(() => new ChoiceId("drop", Sample.Id, "").ToString());
        Assert.Throws<InvalidOperationException>(() => new ChoiceId(ChoiceId.Skip, new JobId(""), "").ToString());
    }
}

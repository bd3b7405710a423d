using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Tasks;

public sealed class StepLogTests : ILogSink
{
    private readonly List<string> _lines = [];

    [Fact]
    public void What_happens_has_its_time_and_what_was_asked_for_has_none()
    {
        var log = new StepLog(this, new ManualTime(), "J", "1", null);

        log.Write("Start");
        log.Print("repair/1: DONE");
        log.For("1.1", "n1").Print("a report");

        Assert.Equal(["2026-01-28 18:29:00.000Z Start", "repair/1: DONE", "[n1] a report"], _lines);
    }

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(15.4, "15ms")]
    [InlineData(999, "999ms")]
    [InlineData(1000, "1.000s")]
    [InlineData(2259, "2.259s")]
    [InlineData(129_275, "129.275s")]
    public void Lengths_of_time_are_said_as_the_article_says_them(double milliseconds, string said)
    {
        Assert.Equal(said, StepLog.Took(TimeSpan.FromMilliseconds(milliseconds)));
    }

    void ILogSink.Write(LogLine line) => _lines.Add(line.ToString());
}

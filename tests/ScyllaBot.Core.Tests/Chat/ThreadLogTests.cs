using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Chat.Sample;

namespace ScyllaBot.Core.Tests.Chat;

public sealed class ThreadLogTests
{
    [Fact]
    public void Lines_reach_the_thread_in_order_in_at_most_one_post_per_three_seconds() => CardWriterTests.RunWithCard(async bed =>
    {
        for (var i = 0; i < 100; i++)
        {
            bed.Cards.Write(Line($"line {i:000} {new string('x', 60)}"));
        }

        await bed.PassAsync(60);
        var texts = bed.Chat.Logs.SelectMany(l => l.Lines).ToList();
        Assert.Equal(100, texts.Count);
        Assert.All(texts.Index(), t => Assert.Contains($"line {t.Index:000}", t.Item, StringComparison.Ordinal));
        Assert.All(bed.Chat.Logs, l => Assert.InRange(l.Lines.Sum(t => t.Length + 1), 1, 1900));
        Assert.All(bed.Chat.Logs.Zip(bed.Chat.Logs.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromSeconds(3)));
    });

    [Fact]
    public void Too_many_lines_lose_the_oldest_and_say_how_many() => CardWriterTests.RunWithCard(async bed =>
    {
        await bed.PassAsync(4);
        for (var i = 0; i < 1000; i++)
        {
            bed.Cards.Write(Line($"line {i:000}"));
        }

        await bed.PassAsync(600);
        var texts = bed.Chat.Logs.SelectMany(l => l.Lines).ToList();
        Assert.Equal(301, texts.Count);
        Assert.StartsWith("… 700 lines dropped", texts[0], StringComparison.Ordinal);
        Assert.EndsWith("line 999", texts[^1], StringComparison.Ordinal);
    });

    [Fact]
    public void Hostile_lines_ring_nobody_and_break_no_block() => CardWriterTests.RunWithCard(async bed =>
    {
        foreach (var evil in Evil.Texts)
        {
            bed.Cards.Write(Line(evil));
        }

        await bed.PassAsync(60);
        var texts = bed.Chat.Logs.SelectMany(l => l.Lines).ToList();
        Assert.Equal(Evil.Texts.Length, texts.Count);
        Assert.All(texts, t => Assert.InRange(t.Length, 1, 300));
        Assert.DoesNotContain(texts, t => t.Contains("@everyone", StringComparison.Ordinal) || t.Contains('`') || t.Contains('\u202e') || t.Any(char.IsControl));
    });

    [Fact]
    public void Lines_survive_a_chat_that_is_away_and_a_card_that_was_deleted() => CardWriterTests.RunWithCard(async bed =>
    {
        await bed.PassAsync(4);
        bed.Chat.Fault = (what, _) => what == "log" ? new RecoverableException("503") : null;
        bed.Cards.Write(Line("first"));
        await bed.PassAsync(10);
        bed.Chat.Fault = (_, _) => null;
        bed.Chat.Delete(bed.Chat.Only.Ref);
        await bed.PassAsync(120);
        Assert.EndsWith("first", Assert.Single(Assert.Single(bed.Chat.Logs).Lines), StringComparison.Ordinal);
        Assert.Equal(bed.Chat.Only.Ref, bed.Chat.Logs[0].Message);
    });

    [Fact]
    public void Lines_the_chat_will_never_take_are_counted_with_the_next_ones() => CardWriterTests.RunWithCard(async bed =>
    {
        await bed.PassAsync(4);
        bed.Chat.Fault = (what, _) => what == "log" ? new UnrecoverableException("thread locked") : null;
        bed.Cards.Write(Line("a"));
        bed.Cards.Write(Line("b"));
        await bed.PassAsync(1);
        bed.Chat.Fault = (_, _) => null;
        bed.Cards.Write(Line("c"));
        await bed.PassAsync(10);
        var lines = Assert.Single(bed.Chat.Logs).Lines;
        Assert.StartsWith("… 2 lines dropped", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("] c", lines[1], StringComparison.Ordinal);
    });

    [Fact]
    public void The_last_lines_of_a_job_are_posted_after_its_end() => CardWriterTests.RunWithCard(async bed =>
    {
        await bed.AppendAsync(Id, new Began(At(2)), new Ended(At(3), JobOutcome.Succeeded, "done"));
        bed.Cards.Write(Line("Finished"));
        await bed.PassAsync(10);
        Assert.EndsWith("Finished", bed.Chat.Logs[^1].Lines[^1], StringComparison.Ordinal);
    });

    [Fact]
    public void A_sink_that_throws_takes_no_line_from_the_others()
    {
        var kept = new Kept();
        var sink = new JobLogSink(NullLogger<JobLogSink>.Instance, new Throwing(), kept);
        sink.Write(Line("a"));
        Assert.Single(kept.Lines);
    }

    private static LogLine Line(string text) => new(At(3), Id.Value, "1.1", "scylla-a-1", text);

    private sealed class Throwing : ILogSink
    {
        public void Write(LogLine line) => throw new InvalidOperationException("disk full");
    }

    private sealed class Kept : ILogSink
    {
        public List<LogLine> Lines { get; } = [];

        public void Write(LogLine line) => Lines.Add(line);
    }
}

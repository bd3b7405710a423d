using System.Text.Json;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

public sealed class JobLogBookTests : IDisposable
{
    private const string Job = "1KG2Z720M16R9G";
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-log-").FullName;

    [Fact]
    public void Lines_are_numbered_and_read_from_any_point_also_by_the_next_host()
    {
        var book = new JobLogBook(_folder);
        Say(book, 1, 3);
        Assert.Equal(["2 line 2", "3 line 3"], Read(book, 1));
        book = new JobLogBook(_folder);
        Assert.Equal(["3 line 3"], Read(book, 2));
        Say(book, 4, 1);
        Assert.Equal(["1 line 1", "2 line 2", "3 line 3", "4 line 4"], Read(book, 0));
        Assert.Equal(["4 line 4"], book.Read(Job, 0, 1).Select(l => $"{l.Number} {l.Text}"));
        Assert.Equal("2026-01-05 08:00:00.000Z [alpha-a-1] line 4", book.Read(Job, 3, 1)[0].Line);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, Job + ".log")));
    }

    [Fact]
    public void What_is_no_longer_in_memory_is_read_from_the_file()
    {
        var book = new JobLogBook(_folder);
        Say(book, 1, 700);
        Assert.Equal(700, book.Read(Job, 0, 5000).Length);
        Assert.Equal(Enumerable.Range(1, 700).Select(n => (long)n), book.Read(Job, 0, 5000).Select(l => l.Number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(41_990)]
    public void A_tail_of_a_long_log_is_read_from_its_end_whoever_wrote_it(long after)
    {
        var book = new JobLogBook(_folder);
        Fill(42_000);
        var next = new JobLogBook(_folder);
        foreach (var (reader, tail) in new[] { (next, 10), (book, 700) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var read = reader.Read(Job, after, tail);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
            Assert.Equal(Enumerable.Range(0, 42_000).Select(n => n + 1L).Where(n => n > after).TakeLast(tail), read.Select(l => l.Number));
        }

        // Whoever writes its next line looks at its end only, too.
        var start = GC.GetAllocatedBytesForCurrentThread();
        Say(next, 42_001, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, 4_000_000);
        Assert.Equal(["42000 line 42000", "42001 line 42001"], Read(next, 41_999));
    }

    [Fact]
    public async Task Readers_and_a_writer_do_not_disturb_each_other_while_its_files_change_their_places()
    {
        var book = new JobLogBook(_folder, mostBytes: 20_000);
        var written = 0;
        var writing = Task.Run(() =>
        {
            for (var i = 1; i <= 5000; i++)
            {
                Say(book, i, 1);
                Volatile.Write(ref written, i);
            }
        });
        var reading = Enumerable.Range(0, 3).Select(r => Task.Run(() =>
        {
            var seen = 0L;
            while (seen < 5000)
            {
                var least = Volatile.Read(ref written);
                var read = r == 0 ? book.Read(Job, 0, 3) : book.Read(Job, seen, r == 1 ? 5000 : 600);
                Assert.Equal(read.Select((_, i) => read[0].Number + i), read.Select(l => l.Number));
                Assert.All(read, l => Assert.Equal($"line {l.Number}", l.Text));
                Assert.True((read.IsEmpty ? seen : read[^1].Number) >= least, "a line that stood there before was not read");
                seen = read.IsEmpty ? seen : read[^1].Number;
            }
        })).ToArray();
        await writing;
        await Task.WhenAll(reading);
    }

    [Fact]
    public async Task Whoever_reads_slowly_holds_no_writer_up_and_keeps_what_there_was_when_they_began()
    {
        var book = new JobLogBook(_folder, mostBytes: 200_000);
        Say(book, 1, 1500);
        using var slow = book.After(Job, 0).GetEnumerator();
        Assert.True(slow.MoveNext());
        var first = slow.Current.Number;

        // Its files are renamed and gone meanwhile.
        await Task.Run(() => Say(book, 1501, 4000)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(book.Read(Job, 0, 5000)[0].Number > 1500);
        var read = new List<long> { first };
        while (slow.MoveNext())
        {
            read.Add(slow.Current.Number);
        }

        Assert.Equal(Enumerable.Range(1, 1500).Select(n => (long)n), read);
        Assert.Equal(5500, book.After(Job, 1500).Last().Number);
        book.Forget(Job);
        Assert.Empty(book.After(Job, 0));
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_spoils_no_other()
    {
        Say(new JobLogBook(_folder), 1, 2);
        File.AppendAllText(Path.Combine(_folder, Job + ".log"), "{\"number\":3,\"at\":\"20");
        var book = new JobLogBook(_folder);
        Say(book, 3, 1);
        Assert.Equal(["1 line 1", "2 line 2", "3 line 3"], Read(new JobLogBook(_folder), 0));
    }

    [Fact]
    public void A_long_log_loses_its_oldest_lines_and_keeps_its_numbers()
    {
        var book = new JobLogBook(_folder, mostBytes: 2000);
        Say(book, 1, 100);
        var kept = new JobLogBook(_folder, mostBytes: 2000).Read(Job, 0, 5000);
        Assert.InRange(kept.Length, 5, 60);
        Assert.Equal(100, kept[^1].Number);
        Assert.Equal(kept.Length, kept[^1].Number - kept[0].Number + 1);
        Assert.InRange(Directory.EnumerateFiles(_folder).Sum(f => new FileInfo(f).Length), 1, 5000);
    }

    [Fact]
    public void The_oldest_logs_go_and_no_name_leads_out_of_the_folder()
    {
        for (var i = 0; i < 510; i++)
        {
            File.WriteAllText(Path.Combine(_folder, $"{i:000}.log"), "");
        }

        var book = new JobLogBook(_folder);
        Assert.Equal(500, Directory.GetFiles(_folder).Length);
        Assert.False(File.Exists(Path.Combine(_folder, "009.log")));
        book.Write(new LogLine(Journals.Start, "../escape", "1", null, "x"));
        Assert.Empty(book.Read("../escape", 0, 10));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder)!, "escape*"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Say(JobLogBook book, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            book.Write(new LogLine(Journals.Start, Job, "1.1", "alpha-a-1", $"line {i}"));
        }
    }

    /// <summary>What another host left: both its files.</summary>
    private void Fill(int lines)
    {
        foreach (var (name, from, to) in new[] { (".log.older", 1, lines / 2), (".log", (lines / 2) + 1, lines) })
        {
            File.WriteAllLines(Path.Combine(_folder, Job + name), Enumerable.Range(from, to - from + 1).Select(n => JsonSerializer.Serialize(
                new JobLogLine(n, Journals.Start, "1.1", "alpha-a-1", $"line {n}", new LogLine(Journals.Start, Job, "1.1", "alpha-a-1", $"line {n}").ToString()), ControlJson.Answers)));
        }
    }

    private static IEnumerable<string> Read(JobLogBook book, long after) => book.Read(Job, after, 5000).Select(l => $"{l.Number} {l.Text}");
}

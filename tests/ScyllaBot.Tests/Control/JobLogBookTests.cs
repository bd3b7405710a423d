using ScyllaBot.Control;
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

    private static IEnumerable<string> Read(JobLogBook book, long after) => book.Read(Job, after, 5000).Select(l => $"{l.Number} {l.Text}");
}

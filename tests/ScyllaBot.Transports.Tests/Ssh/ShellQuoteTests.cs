using System.Diagnostics;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

public sealed class ShellQuoteTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    public async Task Any_words_come_out_of_a_real_shell_as_they_went_in(string shell)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var words = NastyWords.Some(40, seed);
            var start = new ProcessStartInfo(shell, ["-c", ShellQuote.Line(["printf", "%s\\0", .. words])]) { UseShellExecute = false, RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync();

            Assert.True(string.Join('\0', words) + '\0' == said, $"seed {seed}");
        }
    }

    [Fact]
    public void What_no_argv_can_hold_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ShellQuote.Line(["a\0b"]));
        Assert.Throws<ArgumentException>(() => ShellQuote.Line([]));
    }

    [Fact]
    public void Plain_words_stay_readable() => Assert.Equal("systemctl stop scylla-server 'a b' ''", ShellQuote.Line(["systemctl", "stop", "scylla-server", "a b", ""]));
}

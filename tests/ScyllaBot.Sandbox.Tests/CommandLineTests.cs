namespace ScyllaBot.Sandbox.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void All_alone_has_the_defaults_of_the_contract()
    {
        var options = CommandLine.Parse(["all"], out _)!;

        Assert.Equal(("127.0.0.1:0", 30.0, 1L), (options.Listen.ToString(), options.Speed, options.Seed));
        Assert.Equal(TestBed.Epoch, options.Epoch);
        Assert.Null(options.ReadyFile);
        Assert.Null(options.ExitWith);
    }

    [Fact]
    public void Every_option_is_taken()
    {
        var options = CommandLine.Parse(
            [
                "all", "--listen", "127.0.0.1:8088", "--speed", "0.5", "--seed", "-4", "--epoch", "2026-02-01T00:00:00Z",
                "--ready-file", "r", "--exit-with", "42", "--with", "messages-prd,other",
            ],
            out _)!;

        Assert.Equal(("127.0.0.1:8088", 0.5, -4L), (options.Listen.ToString(), options.Speed, options.Seed));
        Assert.Equal(("r", 42), (options.ReadyFile, options.ExitWith));
        Assert.Equal("messages-prd other", string.Join(' ', options.With));
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), options.Epoch);
    }

    [Theory]
    [InlineData("", "first word")]
    [InlineData("some", "first word")]
    [InlineData("all --speed 0", "--speed")]
    [InlineData("all --speed 1001", "--speed")]
    [InlineData("all --listen 0.0.0.0:80", "loopback")]
    [InlineData("all --epoch soon", "--epoch")]
    [InlineData("all --exit-with me", "--exit-with")]
    [InlineData("all --with Messages", "--with")]
    [InlineData("all --with a,b,c,d,e", "--with")]
    [InlineData("all --seed", "--seed needs a value")]
    [InlineData("all --name x", "Unknown option --name")]
    public void What_is_wrong_is_said(string line, string said)
    {
        Assert.Null(CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var error));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "--name")]
    [InlineData("node --name n --listen 127.0.0.1:1", "Unknown option --listen")]
    [InlineData("node --name n --members M --config M --state s", "--version-file")]
    [InlineData("node --name n --members nowhere --config M --state s --version-file M", "no file nowhere")]
    [InlineData("node --name n --members M --config M --state s --version-file M", "does not name n")]
    [InlineData("node --name one --members M --config M --state s --version-file M --speed 0", "--speed")]
    public void What_is_wrong_with_a_node_is_said(string line, string said)
    {
        var members = Path.GetTempFileName();
        File.WriteAllText(members, "one 10.0.0.1 east a\n");

        Assert.Null(CommandLine.ParseNode([.. line.Split(' ').Select(word => word is "M" ? members : word)], out var error));
        Assert.Contains(said, error, StringComparison.Ordinal);
        File.Delete(members);
    }
}

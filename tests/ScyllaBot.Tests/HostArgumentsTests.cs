namespace ScyllaBot.Tests;

public sealed class HostArgumentsTests
{
    [Fact]
    public void Reads_every_option()
    {
        var (read, error) = HostArguments.Parse(
            ["demo", "--sandbox", "--state", "/s", "--workflows", "/w", "--speed", "2.5", "--seed", "-7", "--break", "quorum"]);

        Assert.Null(error);
        Assert.Equal(
            new HostArguments { Demo = true, Sandbox = true, State = "/s", Workflows = "/w", Speed = 2.5, Seed = -7, BreakQuorum = true }, read);
    }

    [Fact]
    public void Nothing_given_is_the_bot_with_its_defaults()
    {
        Assert.Equal((new HostArguments(), null), HostArguments.Parse([]));
    }

    [Fact]
    public void A_sandbox_that_runs_already_is_a_sandbox()
    {
        var (read, _) = HostArguments.Parse(["--sandbox-url", "http://127.0.0.1:5000"]);

        Assert.True(read!.Sandbox);
        Assert.Equal(new Uri("http://127.0.0.1:5000"), read.SandboxUrl);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void Help_is_help(string word)
    {
        Assert.True(HostArguments.Parse([word]).Arguments!.Help);
    }

    [Theory]
    [InlineData("unknown argument --stat", "--stat", "x")]
    [InlineData("unknown argument start", "start")]
    [InlineData("--state needs a value", "--state")]
    [InlineData("--speed: fast is not a number from 0.1 to 1000", "--speed", "fast")]
    [InlineData("--speed: 0.01 is not a number from 0.1 to 1000", "--speed", "0.01")]
    [InlineData("--speed: 1001 is not a number from 0.1 to 1000", "--speed", "1001")]
    [InlineData("--seed: 1.5 is not a whole number", "--seed", "1.5")]
    [InlineData("--sandbox-url: http://10.0.0.1:80 is not a loopback address", "--sandbox-url", "http://10.0.0.1:80")]
    [InlineData("--sandbox-url: here is not a loopback address", "--sandbox-url", "here")]
    [InlineData("--break: all is unknown; there is: quorum", "demo", "--break", "all")]
    [InlineData("--break goes with demo", "--break", "quorum")]
    public void Says_what_is_wrong(string error, params string[] args)
    {
        Assert.Equal((null, error), HostArguments.Parse(args));
    }

    [Fact]
    public void Every_option_it_reads_is_in_its_help()
    {
        foreach (var option in (string[])["--sandbox", "--sandbox-url", "--state", "--workflows", "--speed", "--seed", "--break", "--help"])
        {
            Assert.Contains($"  {option} ", HostArguments.Usage);
        }
    }
}

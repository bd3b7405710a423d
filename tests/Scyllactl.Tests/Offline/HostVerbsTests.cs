using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Offline;

/// <summary>A program stands in for the host: it writes down what it was called with.</summary>
public sealed class HostVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ctl").FullName;

    public HostVerbsTests()
    {
        var host = Path.Combine(_folder, "host");
        File.WriteAllText(host, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$(dirname \"$0\")/called\"\nexit 7\n");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("doctor", "doctor --output text")]
    [InlineData("doctor -o json --cluster messages-prd --state s --workflows w", "doctor --output json --cluster messages-prd --state s --workflows w")]
    [InlineData("doctor --print-sudoers", "doctor --output text --print-sudoers")]
    [InlineData("inventory check inventory.yaml", "inventory check inventory.yaml")]
    [InlineData("inventory import --from-node 10.0.0.1 --name x", "inventory import --from-node 10.0.0.1 --name x")]
    public async Task The_host_program_is_run_with_the_same_words_and_its_exit_code_is_ours(string typed, string called)
    {
        var prompt = new Prompt { Folder = _folder, Variables = { ["SCYLLACTL_HOST"] = Path.Combine(_folder, "host") } };

        var said = await prompt.SayAsync(typed.Split(' '));

        Assert.Equal((7, ""), (said.Code, said.Errors));
        Assert.Equal(called.Split(' '), await File.ReadAllLinesAsync(Path.Combine(_folder, "called")));
    }

    [Fact]
    public async Task Where_there_is_no_host_program_it_says_where_it_looked()
    {
        var said = await new Prompt { Folder = _folder }.SayAsync("doctor");

        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("SCYLLACTL_HOST", said.Errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

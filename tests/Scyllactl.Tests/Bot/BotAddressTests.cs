using System.CommandLine;
using Scyllactl.Bot;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Bot;

/// <summary>Where a bot is looked for, and in which order: docs/scyllactl.md promises it.</summary>
public sealed class BotAddressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("addr-").FullName;
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_users_and_the_systems_sockets_come_before_those_of_the_folder_where_anybody_could_answer()
    {
        _variables["XDG_RUNTIME_DIR"] = "/run/user/7";
        foreach (var (sandbox, age) in new[] { ("sandbox-1", 2), ("sandbox", 3), ("sandbox-9", 1) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "state", sandbox));
            Directory.SetLastWriteTimeUtc(Path.Combine(_folder, "state", sandbox), new DateTime(2026, 1, 9, 0, 0, 0, DateTimeKind.Utc).AddDays(-age));
        }

        Directory.CreateDirectory(Path.Combine(_folder, "state", "other"));

        Assert.Equal(
            [
                "/run/user/7/scyllabot/control.sock", "/run/scyllabot/control.sock", "/var/lib/scyllabot/control.sock", $"{_folder}/state/control.sock",
                $"{_folder}/state/sandbox-9/control.sock", $"{_folder}/state/sandbox-1/control.sock", $"{_folder}/state/sandbox/control.sock",
            ],
            Of().Sockets);
    }

    [Fact]
    public void Without_a_runtime_folder_and_a_state_there_are_three_places() =>
        Assert.Equal(["/run/scyllabot/control.sock", "/var/lib/scyllabot/control.sock", $"{_folder}/state/control.sock"], Of().Sockets);

    [Fact]
    public void What_is_named_counts_alone_and_the_option_before_the_variable()
    {
        _variables["SCYLLACTL_SOCKET"] = "mine.sock";
        _variables["SCYLLACTL_URL"] = "http://127.0.0.1:7410";
        Assert.Equal([$"{_folder}/mine.sock"], Of().Sockets);
        Assert.Equal(["/tmp/other.sock"], Of("--socket", "/tmp/other.sock").Sockets);

        File.WriteAllText(Path.Combine(_folder, "token"), "alice 0123456789abcdef0123456789abcdef\n");
        var url = Of("--url", "http://127.0.0.1:7411", "--token-file", "token");
        Assert.Equal((new Uri("http://127.0.0.1:7411"), "0123456789abcdef0123456789abcdef", 0), (url.Url, url.Token, url.Sockets.Count));

        _variables.Remove("SCYLLACTL_SOCKET");
        _variables["SCYLLACTL_TOKEN_FILE"] = "token";
        Assert.Equal(new Uri("http://127.0.0.1:7410"), Of().Url);
    }

    [Theory]
    [InlineData("not both", "--socket", "/a", "--url", "http://127.0.0.1:1")]
    [InlineData("no http address", "--url", "ftp://127.0.0.1")]
    [InlineData("needs --token-file", "--url", "http://127.0.0.1:1")]
    [InlineData("there is no such file", "--url", "http://127.0.0.1:1", "--token-file", "nowhere")]
    public void What_can_not_be_meant_is_refused(string says, params string[] args)
    {
        var refused = Assert.Throws<StopException>(() => Of(args));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.Contains(says, refused.Message);
    }

    private BotAddress Of(params string[] args) => BotAddress.Of(
        new RootCommand { Shared.Socket, Shared.Url, Shared.TokenFile }.Parse(args),
        Prompt.Around() with { Folder = _folder, Variable = name => _variables.GetValueOrDefault(name) });
}

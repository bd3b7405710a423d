using System.Net.Sockets;
using System.Text;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Tests;

/// <summary>The question of a container's health check, as its engine asks it.</summary>
public sealed class HealthCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("health-").FullName;

    private string Socket => Path.Combine(_folder, "state", ControlRoutes.SocketName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_nobody_is_it_names_the_socket_and_ends_with_1()
    {
        var (exit, output, errors) = await AskAsync();

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"Nobody answers on {Socket}: there is no such socket", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_setting_of_the_socket_is_the_default_as_for_the_bot()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """{ "ScyllaBot": { "Control": { "Socket": "" } } }""");

        var (exit, _, errors) = await AskAsync();

        Assert.Equal(1, exit);
        Assert.StartsWith($"Nobody answers on {Socket}: there is no such socket", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_a_killed_bot_left_is_nobody()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Socket + ".aside"));
            File.Move(Socket + ".aside", Socket);
        }

        var (exit, _, errors) = await AskAsync();

        Assert.Equal(1, exit);
        Assert.StartsWith($"Nobody answers on {Socket}: a bot that has ended left this socket", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "well", 0)]
    [InlineData(503, "the database is locked", 1)]
    [InlineData(403, "nemo has no right here", 1)]
    public async Task It_prints_what_the_bot_says_and_ends_with_0_only_when_that_is_well(int status, string said, int exit)
    {
        using var bot = new OneAnswer(Socket, $"HTTP/1.1 {status} So\r\nContent-Length: {said.Length}\r\n\r\n{said}");

        Assert.Equal((exit, said + "\n", ""), await AskAsync());
        Assert.StartsWith("GET /healthz HTTP/1.1\r\n", await bot.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_is_another_question()
    {
        using var bot = new OneAnswer(Socket, "HTTP/1.1 503 So\r\nContent-Length: 5\r\n\r\nnotyt");

        Assert.Equal((1, "notyt\n", ""), await AskAsync("--ready"));
        Assert.StartsWith("GET /readyz HTTP/1.1\r\n", await bot.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bot_that_hangs_up_or_says_too_much_is_not_well()
    {
        using (new OneAnswer(Socket, ""))
        {
            var (exit, output, errors) = await AskAsync();
            Assert.Equal((1, ""), (exit, output));

            // It may be tried again on a second connection, which nobody takes.
            Assert.Matches($"^Nobody answers on {Socket}: (it hung up|no answer within 4 s)", errors);
        }

        File.Delete(Socket);
        using (new OneAnswer(Socket, $"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{new string('x', 100_000)}"))
        {
            Assert.Equal(1, (await AskAsync()).Exit);
        }
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_named_and_it_ends_with_2()
    {
        var (exit, output, errors) = await RunAsync([("ScyllaBot__Control__SocketMode", "rw")], ["health"]);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("SocketMode", errors, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), "{ \"ScyllaBot\": ");
        (exit, output, errors) = await AskAsync();
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("appsettings.json", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_stands_in_the_wrong_place_is_not_said_again()
    {
        const string token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB";

        var (exit, _, errors) = await RunAsync([("ScyllaBot__Sandbox__Seed", token)], ["health"]);

        Assert.Equal(2, exit);
        Assert.Contains("ScyllaBot:Sandbox:Seed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_one_option_and_tells_its_exit_codes()
    {
        var (exit, output, errors) = await RunAsync([], ["health", "--redy"]);
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("health takes --ready only", errors, StringComparison.Ordinal);

        (exit, output, errors) = await RunAsync([], ["health", "--help"]);
        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains("Exit codes: 0 well, 1 not well or nobody answers, 2 wrong arguments or configuration.", output, StringComparison.Ordinal);
    }

    private Task<(int Exit, string Output, string Errors)> AskAsync(params string[] more) => RunAsync([("ScyllaBot__State", "state")], ["health", .. more]);

    private Task<(int Exit, string Output, string Errors)> RunAsync((string, string?)[] variables, string[] args) => BotProgram.RunAsync(_folder, variables, args);

    /// <summary>Answers the first who comes with these bytes, whatever they ask, and hangs up.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        public OneAnswer(string path, string answer)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _socket.Listen();
            Asked = AnswerAsync(answer);
        }

        public Task<string> Asked { get; }

        public void Dispose() => _socket.Dispose();

        private async Task<string> AnswerAsync(string answer)
        {
            using var asker = await _socket.AcceptAsync();
            var bytes = new byte[4096];
            var asked = Encoding.UTF8.GetString(bytes, 0, await asker.ReceiveAsync(bytes));
            await asker.SendAsync(Encoding.UTF8.GetBytes(answer));
            asker.Shutdown(SocketShutdown.Send);
            while (await asker.ReceiveAsync(bytes) > 0)
            {
                // Until they have gone as well.
            }

            return asked;
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>Reading commands through a real sshd.</summary>
public sealed class SshCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SshConnections _connections = new();
    private RealSshd _sshd = null!;

    public async Task InitializeAsync()
    {
        if (new SshdFactAttribute().Skip is null)
        {
            _sshd = await RealSshd.StartAsync("MaxSessions 3");
        }
    }

    public async Task DisposeAsync()
    {
        await _connections.DisposeAsync();
        if (_sshd is not null)
        {
            await _sshd.DisposeAsync();
        }
    }

    [SshdFact]
    public async Task Exit_codes_come_back_as_they_are_and_255_is_one_of_them()
    {
        foreach (var exit in new[] { 0, 1, 124, 126, 127, 255 })
        {
            Assert.Equal(new CommandResult(exit, "out\n"), await RunAsync("sh", "-c", $"echo out; exit {exit}"));
        }
    }

    [SshdFact]
    public async Task A_command_that_a_signal_kills_has_the_shells_exit_code_for_it() =>
        Assert.Equal(137, (await RunAsync("sh", "-c", "kill -9 $$")).Exit);

    [SshdFact]
    public async Task A_program_that_is_not_there_is_127() => Assert.Equal(127, (await RunAsync("there-is-no-such-program")).Exit);

    [SshdFact]
    public async Task Warnings_stay_out_of_what_programs_read_and_stand_in_what_people_read()
    {
        Assert.Equal("out\n", (await RunAsync("sh", "-c", "echo why >&2; echo out")).Output);
        Assert.Equal("out\nwhy\n", (await RunAsync("sh", "-c", "echo why >&2; echo out; exit 1")).Output);
    }

    [SshdFact]
    public async Task A_hundred_nasty_words_arrive_as_they_were_sent()
    {
        var words = NastyWords.Some(100, seed: 7);

        var result = await RunAsync(["printf", "%s\\0", .. words]);

        Assert.Equal(string.Join('\0', words) + '\0', result.Output);
    }

    [SshdFact]
    public async Task Only_the_end_of_a_long_output_is_kept_and_every_line_is_heard()
    {
        var lines = new ConcurrentQueue<string>();
        var command = new RemoteCommand(["seq", "1", "200000"], Patience) { MaxOutput = 1000 };

        var result = await _sshd.Channel(_connections).RunAsync(_sshd.Node(), command, lines.Enqueue, default);

        Assert.Equal(200_000, lines.Count);
        Assert.Equal(1000, result.Output.Length);
        Assert.EndsWith("\n199999\n200000\n", result.Output);
    }

    [SshdFact]
    public async Task Standard_input_arrives_byte_by_byte()
    {
        var bytes = Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31)).ToArray();
        var command = new RemoteCommand(["sha256sum"], Patience) { Stdin = bytes };

        var result = await _sshd.Channel(_connections).RunAsync(_sshd.Node(), command, null, default);

        Assert.StartsWith(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), result.Output);
    }

    [SshdFact]
    public async Task A_secret_is_put_into_standard_input_and_nowhere_else()
    {
        _sshd.Write("secret", "p{{a'$(x)\n");
        File.SetUnixFileMode(Path.Combine(_sshd.Folder, "secret"), UnixFileMode.UserRead);
        var secret = SecretRef.TryParse($"file:{_sshd.Folder}/secret")!;
        var command = new RemoteCommand(["cat"], Patience) { Stdin = Encoding.UTF8.GetBytes($"<{secret.Placeholder}>"), Secrets = [secret] };

        Assert.Equal("<p{{a'$(x)>", (await _sshd.Channel(_connections).RunAsync(_sshd.Node(), command, null, default)).Output);
    }

    [SshdFact]
    public async Task Letters_of_all_the_world_come_back_whole() => Assert.Equal("žluť 漢字 🦑\n", (await RunAsync("echo", "žluť 漢字 🦑")).Output);

    [SshdFact]
    public async Task What_a_login_shell_prints_is_no_output()
    {
        _sshd.Write("noise", "#!/bin/sh\necho noise; echo more >&2; eval \"$SSH_ORIGINAL_COMMAND\"\n", executable: true);
        await _sshd.StopAsync();
        await _sshd.BootAsync($"ForceCommand {_sshd.Folder}/noise");

        Assert.Equal(new CommandResult(0, "quiet\n"), await RunAsync("echo", "quiet"));
    }

    [SshdFact]
    public async Task A_login_that_runs_no_commands_is_a_refusal_with_its_words()
    {
        _sshd.Write("no", "#!/bin/sh\necho This account is not available. >&2; exit 1\n", executable: true);
        await _sshd.StopAsync();
        await _sshd.BootAsync($"ForceCommand {_sshd.Folder}/no");

        Assert.Contains("This account is not available.", (await Assert.ThrowsAsync<RefusedException>(() => RunAsync("true"))).Message);
    }

    [SshdFact]
    public async Task More_commands_than_sshd_allows_wait_for_one_another()
    {
        var node = _sshd.Node(maxSessions: 8);

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            _sshd.Channel(_connections).RunAsync(node, new RemoteCommand(["echo", $"{i}"], Patience), null, default)));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}\n"), results.Select(r => r.Output));
    }

    [SshdFact]
    public async Task A_connection_cut_in_the_middle_is_no_exit_code_and_the_next_command_makes_a_new_one()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _sshd.Channel(_connections).RunAsync(
            _sshd.Node(), new RemoteCommand(["sh", "-c", "echo started; sleep 30"], Patience), _ => started.TrySetResult(), default);
        await await Task.WhenAny(started.Task, running);

        _sshd.KillConnections();

        Assert.Equal(ExchangeFailure.NoAnswer, (await Assert.ThrowsAsync<ExchangeException>(() => running)).Failure);
        Assert.Equal("back\n", (await RunAsync("echo", "back")).Output);
    }

    [SshdFact]
    public async Task Nobody_there_is_no_connection_and_sshd_that_is_back_is_found()
    {
        Assert.Equal(0, (await RunAsync("true")).Exit);
        await _sshd.StopAsync();

        // A connection that is only just dying may still take the command; from then on there is none.
        var first = (await Assert.ThrowsAsync<ExchangeException>(() => RunAsync("true"))).Failure;
        Assert.True(first is ExchangeFailure.NotConnected or ExchangeFailure.NoAnswer, $"{first}");
        Assert.Equal(ExchangeFailure.NotConnected, (await Assert.ThrowsAsync<ExchangeException>(() => RunAsync("true"))).Failure);

        await _sshd.BootAsync();
        Assert.Equal(0, (await RunAsync("true")).Exit);
    }

    [SshdFact]
    public async Task Another_host_key_is_refused_and_nothing_is_sent()
    {
        _sshd.Trust(Path.Combine(_sshd.Folder, "id.pub"));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => RunAsync("touch", $"{_sshd.Folder}/touched"));

        Assert.Contains("its host key is not the one on record", refused.Message);
        Assert.False(File.Exists($"{_sshd.Folder}/touched"));
    }

    [SshdFact]
    public async Task An_unknown_host_key_is_refused()
    {
        _sshd.Write("known_hosts", "");

        Assert.Contains("is not known", (await Assert.ThrowsAsync<RefusedException>(() => RunAsync("true"))).Message);
    }

    [SshdFact]
    public async Task A_key_that_is_not_let_in_is_refused()
    {
        _sshd.Write("authorized_keys", "");

        Assert.Contains("Permission denied", (await Assert.ThrowsAsync<RefusedException>(() => RunAsync("true"))).Message);
    }

    [SshdFact]
    public async Task Patience_that_ends_is_a_time_out() =>
        Assert.Equal(
            ExchangeFailure.TimedOut,
            (await Assert.ThrowsAsync<ExchangeException>(() => _sshd.Channel(_connections).RunAsync(
                _sshd.Node(), new RemoteCommand(["sleep", "30"], TimeSpan.FromMilliseconds(500)), null, default))).Failure);

    [SshdFact]
    public async Task One_connection_carries_all_commands_and_closes_with_us()
    {
        var own = new SshConnections();
        await _sshd.Channel(own).RunAsync(_sshd.Node(), new RemoteCommand(["true"], Patience), null, default);
        var first = await PeerAsync(own);

        Assert.Equal(first, await PeerAsync(own));
        await own.DisposeAsync();
        Assert.NotEqual(first, await PeerAsync(_connections));
    }

    private async Task<string> PeerAsync(SshConnections connections) =>
        (await _sshd.Channel(connections).RunAsync(_sshd.Node(), new RemoteCommand(["printenv", "SSH_CONNECTION"], Patience), null, default)).Output;

    private Task<CommandResult> RunAsync(params string[] argv) =>
        _sshd.Channel(_connections).RunAsync(_sshd.Node(), new RemoteCommand([.. argv], Patience), null, default);
}

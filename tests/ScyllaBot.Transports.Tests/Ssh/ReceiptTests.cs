using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

/// <summary>scyllabot-node itself through a real sshd; only sudo and systemd are stand-ins here (the bed has real ones).</summary>
public sealed class ReceiptTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SshConnections _connections = new();
    private RealSshd _sshd = null!;

    public async Task InitializeAsync()
    {
        if (new SshdFactAttribute().Skip is null)
        {
            _sshd = await RealSshd.StartAsync();
            _sshd.Write("etc/allow-run-command", "");
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
    public async Task R12_A_receipt_runs_once_and_tells_its_exit_code_again()
    {
        var command = Command("r1", "sh", "-c", $"echo x >> {_sshd.Folder}/effects; echo said; echo why >&2; cat; exit 255") with { Stdin = "input"u8.ToArray() };

        var first = await RunAsync(command);
        var second = await RunAsync(command);

        Assert.Equal(new CommandResult(255, "said\ninputwhy\n"), first);
        Assert.Equal(first, second);
        Assert.Equal((1, 1), (Effects, _sshd.Starts));
    }

    [SshdFact]
    public async Task R12_A_command_whose_connection_is_cut_goes_on_and_is_attached_to()
    {
        var lines = new ConcurrentQueue<string>();
        var channel = _sshd.Channel(_connections);
        var command = Command("r2", "sh", "-c", $"echo x >> {_sshd.Folder}/effects; echo one; until [ -e {_sshd.Folder}/go ]; do sleep 0.1; done; echo two");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = channel.RunAsync(_sshd.Node(), command, line => { lines.Enqueue(line); started.TrySetResult(); }, default);
        await await Task.WhenAny(started.Task, running);

        _sshd.KillConnections();
        Assert.Equal(ExchangeFailure.NoAnswer, (await Assert.ThrowsAsync<ExchangeException>(() => running)).Failure);
        _sshd.Write("go", "");
        var result = await channel.RunAsync(_sshd.Node(), command, lines.Enqueue, default);

        Assert.Equal(new CommandResult(0, "one\ntwo\n"), result);
        Assert.Equal(["one", "two"], lines);
        Assert.Equal((1, 1), (Effects, _sshd.Starts));
    }

    [SshdFact]
    public async Task R12_Started_without_an_exit_under_another_boot_id_is_unknown_and_never_run_again()
    {
        var command = Command("r3", "sh", "-c", $"echo x >> {_sshd.Folder}/effects; echo one; sleep 1000");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _sshd.Channel(_connections).RunAsync(_sshd.Node(), command, _ => started.TrySetResult(), default);
        await await Task.WhenAny(started.Task, running);

        KillUnit("r3");
        _sshd.Write("boot_id", "boot-2\n");

        Assert.Contains("the host has booted since", (await Assert.ThrowsAsync<CommandLostException>(() => running)).Message);
        Assert.Contains("the host has booted since", (await Assert.ThrowsAsync<CommandLostException>(() => RunAsync(command))).Message);
        Assert.Equal((1, 1), (Effects, _sshd.Starts));
    }

    [SshdFact]
    public async Task R12_A_start_that_died_before_its_command_began_is_made_up_for()
    {
        var command = Command("r4", "sh", "-c", $"echo x >> {_sshd.Folder}/effects");
        _sshd.Write("state/receipts/r4/argv", string.Concat(command.Argv.Select(word => word + "\0")));
        _sshd.Write("state/receipts/r4/boot", "boot-0\n");

        Assert.Equal(0, (await RunAsync(command)).Exit);
        Assert.Equal((1, 1), (Effects, _sshd.Starts));
    }

    [SshdFact]
    public async Task R13_A_lower_epoch_is_refused_and_another_clusters_epoch_is_its_own()
    {
        Assert.Equal(0, (await RunAsync(Command("e1", "true") with { Epoch = 7 })).Exit);

        Assert.Contains("epoch 7", (await Assert.ThrowsAsync<FencedException>(() => RunAsync(Command("e2", "true") with { Epoch = 6 }))).Message);
        Assert.Equal(0, (await RunAsync(Command("e3", "true") with { Epoch = 7 })).Exit);
        Assert.Equal(0, (await RunAsync(Command("e4", "true") with { Epoch = 1, Lease = "other" })).Exit);
        Assert.Equal(3, _sshd.Starts);
    }

    [SshdFact]
    public async Task R13_An_epoch_that_is_raised_fences_the_one_before()
    {
        await _sshd.Channel(_connections).RaiseAsync(_sshd.Node(), "messages", 9, default);

        await Assert.ThrowsAsync<FencedException>(() => RunAsync(Command("e5", "true") with { Epoch = 8 }));
        Assert.Equal(0, _sshd.Starts);
    }

    [SshdFact]
    public async Task R13_a_node_tells_what_was_left_there_and_its_last_command_outlives_the_receipt()
    {
        Assert.Equal(["epoch 0", "scylla dead", "end"], await FootprintsAsync("messages"));

        await RunAsync(Command("scp-01JOB-1.2-1-true", "true") with { Epoch = 7 });
        await RunAsync(Command("scp-01JOB-1.3-1-false", "false") with { Epoch = 7 });
        await RunAsync(Command("scp-01OTHER-1.1-1-true", "true") with { Epoch = 3, Lease = "other" });
        await Assert.ThrowsAsync<ExchangeException>(() =>
            RunAsync(Command("scp-01JOB-1.4-1-sh", "sh", "-c", "sleep 1000") with { Epoch = 8, Timeout = TimeSpan.FromSeconds(1) }));
        await _sshd.Channel(_connections).ReleaseAsync(_sshd.Node(), "scp-01JOB-1.2-1-true", default);

        var left = await FootprintsAsync("messages");
        Assert.Equal("epoch 8", left[0]);
        Assert.Matches(@"^last scp-01JOB-1\.4-1-sh 8 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", left[1]);
        Assert.Equal(["receipt scp-01JOB-1.3-1-false 7 ended", "receipt scp-01JOB-1.4-1-sh 8 running", "scylla dead", "end"], left[2..]);

        KillUnit("scp-01JOB-1.4-1-sh");
        for (var look = 0; look < 200 && left.Contains("receipt scp-01JOB-1.4-1-sh 8 running"); look++)
        {
            // A killed process is there until somebody has asked for its exit code.
            left = await FootprintsAsync("messages");
        }

        Assert.Contains("receipt scp-01JOB-1.4-1-sh 8 lost", left);
        Assert.Contains("receipt scp-01OTHER-1.1-1-true 3 ended", await FootprintsAsync("other"));
        Assert.Equal(3, _sshd.Starts - 1);
    }

    [SshdFact]
    public async Task One_receipt_is_never_another_commands()
    {
        await RunAsync(Command("r5", "echo", "one"));

        Assert.Contains("belongs to another command", (await Assert.ThrowsAsync<RefusedException>(() => RunAsync(Command("r5", "echo", "two")))).Message);
    }

    [SshdFact]
    public async Task What_still_runs_after_its_patience_is_a_time_out_and_is_found_again()
    {
        var command = Command("r6", "sh", "-c", $"until [ -e {_sshd.Folder}/go ]; do sleep 0.1; done; echo done");

        var late = await Assert.ThrowsAsync<ExchangeException>(() => RunAsync(command with { Timeout = TimeSpan.FromSeconds(1) }));
        _sshd.Write("go", "");

        Assert.Equal(ExchangeFailure.TimedOut, late.Failure);
        Assert.Equal("done\n", (await RunAsync(command)).Output);
        Assert.Equal(1, _sshd.Starts);
    }

    [SshdFact]
    public async Task A_released_receipt_is_forgotten()
    {
        await RunAsync(Command("r7", "true"));

        await _sshd.Channel(_connections).ReleaseAsync(_sshd.Node(), "r7", default);

        Assert.False(Directory.Exists($"{_sshd.Folder}/state/receipts/r7"));
    }

    [SshdFact]
    public async Task A_hundred_nasty_words_reach_a_command_under_a_receipt_as_they_were_sent()
    {
        var words = NastyWords.Some(100, seed: 11);

        Assert.Equal(string.Join('\0', words) + '\0', (await RunAsync(Command("r8", ["printf", "%s\\0", .. words]))).Output);
    }

    [SshdFact]
    public async Task A_shell_builtin_is_no_program() => Assert.Equal(127, (await RunAsync(Command("r9", "eval", $"touch {_sshd.Folder}/touched"))).Exit);

    private int Effects => File.Exists($"{_sshd.Folder}/effects") ? File.ReadAllLines($"{_sshd.Folder}/effects").Length : 0;

    private static RemoteCommand Command(string receipt, params string[] argv) =>
        new([.. argv], Patience) { Receipt = receipt, Epoch = 1, Lease = "messages" };

    private Task<CommandResult> RunAsync(RemoteCommand command) => _sshd.Channel(_connections).RunAsync(_sshd.Node(), command, null, default);

    private async Task<string[]> FootprintsAsync(string lease)
    {
        var said = await RunAsync(new RemoteCommand(["footprints", lease], Patience) { AsRoot = true });
        Assert.Equal(0, said.Exit);
        return [.. said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim())];
    }

    private void KillUnit(string name)
    {
        var group = int.Parse(File.ReadAllText($"{_sshd.Folder}/units/{name}.service"), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(group);
        process.Kill(entireProcessTree: true);
    }
}

using System.Diagnostics;
using ScyllaBot.Sandbox;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests;

/// <summary>A sandbox that does not come up is a start that is refused, with its last words.</summary>
public sealed class SandboxProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-child-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_that_ends_before_it_is_ready_is_refused_with_its_last_words()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync("echo the port is taken >&2; exit 3"));

        Assert.Equal("The sandbox ended before it was ready: the port is taken", refused.Message);
    }

    [Fact]
    public async Task One_that_is_not_ready_in_time_is_refused_with_its_last_words_and_ended()
    {
        var started = StartAsync("echo still looking >&2; echo $$ > pid; mv pid said; exec sleep 600");
        var pid = int.Parse(await Eventually(Path.Combine(_folder, "said")), System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(started.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(61));

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => started);

        Assert.Equal("The sandbox was not ready within 60 s: still looking", refused.Message);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
    }

    [Fact]
    public async Task One_that_says_something_else_than_where_it_is_is_refused_with_what_it_said()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync("echo Hello; exec sleep 600"));

        Assert.Equal("The sandbox did not say where it is: Hello", refused.Message);
    }

    [Fact]
    public async Task One_whose_program_is_not_there_is_refused()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(new ProcessStartInfo(Path.Combine(_folder, "no-such-program"))));

        Assert.StartsWith("The sandbox can not be started: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cancels_the_start_is_not_told_that_it_was_refused()
    {
        using var end = new CancellationTokenSource();
        var started = StartAsync(Shell("exec sleep 600"), end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => started);
    }

    private Task<SandboxProcess> StartAsync(string script) => StartAsync(Shell(script));

    private Task<SandboxProcess> StartAsync(ProcessStartInfo start, CancellationToken ct = default)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, true, _folder);
        return SandboxProcess.StartAsync(start, _time, ct);
    }

    private static ProcessStartInfo Shell(string script) => new("/bin/sh", ["-c", script]);

    /// <summary>Of a file that somebody else is about to write, whole.</summary>
    private async Task<string> Eventually(string file)
    {
        using var watcher = new FileSystemWatcher(_folder) { EnableRaisingEvents = true };
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Renamed += (_, _) => there.TrySetResult();
        if (!File.Exists(file))
        {
            await there.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        return await File.ReadAllTextAsync(file);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;
using ScyllaBot.Sqlite;
using ScyllaBot.Testing;
using ScyllaBot.Upkeep;

namespace ScyllaBot.Tests.Upkeep;

/// <summary>Real files.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly JobId First = new("0000000001AAAAAA");
    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-backup-").FullName;
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 22, 20, 15, 30, TimeSpan.Zero));
    private readonly BotMeters _meters = new();

    private string Backups => Path.Combine(_folder, "backups");

    [Fact]
    public async Task A_backup_taken_while_the_store_is_in_use_opens_as_a_store_and_is_its_owners_only()
    {
        await using var store = await SqliteJobStore.OpenAsync(Path.Combine(_folder, "scyllabot.db"));
        await store.AppendAsync(StreamId.Of(First), 0, 0, [.. Journals.Life], [], default);
        using var loop = Loop(store.BackupAsync);
        await loop.BackUpAsync(default);

        var file = Path.Combine(Backups, "scyllabot-20261122T201530Z.db");
        Assert.Equal([file], Directory.GetFiles(Backups));
        Assert.Equal((file, new FileInfo(file).Length, null), (loop.Last!.Path, loop.Last.Bytes, loop.Failure));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Backups));
        }

        await using var copy = await SqliteJobStore.OpenAsync(file);
        Assert.Equal(Journals.Life.Length, (await copy.ReadAsync(StreamId.Of(First), 0, default)).Length);
        Assert.Empty(await copy.CompareAsync(default));
    }

    [Fact]
    public async Task The_newest_are_kept_and_what_is_not_ours_is_left_alone()
    {
        using var loop = Loop((path, ct) => File.WriteAllTextAsync(path, "copy", ct), keep: 2);
        Directory.CreateDirectory(Backups);
        await File.WriteAllTextAsync(Path.Combine(Backups, "scyllabot-precious.db"), "theirs");
        await File.WriteAllTextAsync(Path.Combine(Backups, "scyllabot-20200101T000000Z.db.part"), "half");
        for (var i = 0; i < 4; i++)
        {
            await loop.BackUpAsync(default);
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(
            ["scyllabot-20261122T221530Z.db", "scyllabot-20261122T231530Z.db", "scyllabot-precious.db"],
            Directory.GetFiles(Backups).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
    }

    [Fact]
    public async Task A_failure_is_shown_and_counted_keeps_the_old_ones_and_is_over_with_the_next_good_one()
    {
        var broken = false;
        using var loop = Loop((path, ct) => broken ? throw new IOException("No space left on device") : File.WriteAllTextAsync(path, "copy", ct), keep: 1);
        var vital = new BackupVital(loop, _time);
        Assert.Equal("there is none yet", (await vital.LookAsync(default)).Says);
        await loop.BackUpAsync(default);
        broken = true;
        _time.Advance(TimeSpan.FromHours(24));
        await loop.BackUpAsync(default);

        Assert.Equal(new Vital("backup", PartState.Warning, "the last one failed; the newest is of 2026-11-22 20:15Z"), await vital.LookAsync(default));
        var page = new Exposition();
        _meters.Write(page);
        await vital.WriteAsync(page, default);
        Assert.Equal(1, ObserveRigValue(page, "scyllabot_backups_total{result=\"failed\"}"));
        Assert.Equal(24 * 3600, ObserveRigValue(page, "scyllabot_backup_age_seconds"));
        Assert.Single(Directory.GetFiles(Backups));

        broken = false;
        await loop.BackUpAsync(default);
        Assert.Equal(PartState.Ok, (await vital.LookAsync(default)).State);
    }

    [Fact]
    public async Task The_schedule_is_the_files_own_so_that_restarts_neither_reset_nor_hurry_it()
    {
        Directory.CreateDirectory(Backups);
        await File.WriteAllTextAsync(Path.Combine(Backups, "scyllabot-20261122T101530Z.db"), "ten hours old");
        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var loop = Loop(async (path, ct) =>
        {
            await File.WriteAllTextAsync(path, "copy", ct);
            made.SetResult();
        });
        await loop.StartAsync(default);
        await WaitsAsync(loop);
        Assert.Equal(TimeSpan.FromHours(14), _time.UntilNext);
        _time.Advance(TimeSpan.FromHours(14));
        await made.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await loop.StopAsync(default);
        Assert.Equal(2, Directory.GetFiles(Backups).Length);
    }

    [Fact]
    public async Task Files_of_a_clock_that_was_wrong_neither_keep_backups_from_being_made_nor_push_them_out()
    {
        Directory.CreateDirectory(Backups);
        foreach (var future in new[] { "scyllabot-20271122T101530Z.db", "scyllabot-20361122T101530Z.db" })
        {
            await File.WriteAllTextAsync(Path.Combine(Backups, future), "of a clock that was wrong");
        }

        var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var loop = Loop(
            async (path, ct) =>
            {
                await File.WriteAllTextAsync(path, "copy", ct);
                made.TrySetResult();
            }, keep: 2);
        await loop.StartAsync(default);
        await Task.WhenAny(made.Task, WaitsAsync(loop));
        Assert.True(made.Task.IsCompleted, $"it waits {_time.UntilNext} for a backup, or has broken: {loop.ExecuteTask!.Exception}");
        await WaitsAsync(loop);
        Assert.Equal(TimeSpan.FromHours(24), _time.UntilNext);
        await loop.StopAsync(default);

        Assert.True(File.Exists(loop.Last!.Path), "the only good one was removed as the oldest");
        Assert.Equal("scyllabot-20261122T201530Z.db", Path.GetFileName(loop.Last.Path));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_lets_nobody_wait_for_longer_than_the_schedule_says()
    {
        var clock = new SetClock(_time);
        var made = 0;
        using var loop = Loop(
            async (path, ct) =>
            {
                await File.WriteAllTextAsync(path, "copy", ct);
                made++;
            }, time: clock);
        await loop.BackUpAsync(default);
        clock.Off = TimeSpan.FromHours(-3);
        await loop.StartAsync(default);
        await WaitsAsync(loop);
        Assert.Equal((2, TimeSpan.FromHours(24)), (made, _time.UntilNext));
        await loop.StopAsync(default);
    }

    [Fact]
    public async Task A_copy_that_is_not_whole_gets_no_name()
    {
        var path = Path.Combine(_folder, "scyllabot.db");
        await using var store = await SqliteJobStore.OpenAsync(path);
        var target = Path.Combine(_folder, "taken");
        await File.WriteAllTextAsync(target, "there already");
        await Assert.ThrowsAsync<IOException>(() => store.BackupAsync(target, default));
        Assert.Equal("there already", await File.ReadAllTextAsync(target));
        Assert.False(File.Exists(target + ".part"));
    }

    [Theory]
    [InlineData(false, null, 24, true)]
    [InlineData(true, null, 24, false)]
    [InlineData(true, "somewhere", 24, true)]
    [InlineData(false, null, 0, false)]
    public void Real_clusters_have_backups_unless_they_are_switched_off(bool isSandbox, string? folder, int every, bool expected) =>
        Assert.Equal(expected, new BackupSettings { Folder = folder, EveryHours = every }.FolderFor(_folder, isSandbox) is not null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double ObserveRigValue(Exposition page, string series) => Observe.ObserveRig.Value(page.ToString(), series);

    private async Task WaitsAsync(BackupLoop loop)
    {
        while (_time.UntilNext is null && loop.ExecuteTask is not { IsCompleted: true })
        {
            await Task.Yield();
        }
    }

    private BackupLoop Loop(Func<string, CancellationToken, Task> copy, int keep = 7, TimeProvider? time = null) =>
        new(copy, new BackupFolder(Backups), new BackupSettings { Keep = keep }, _meters, time ?? _time, NullLogger<BackupLoop>.Instance);

    /// <summary>What its clock shows can be set; its timers go by the other.</summary>
    private sealed class SetClock(ManualTime timers) : TimeProvider
    {
        public TimeSpan Off { get; set; }

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() + Off;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => timers.CreateTimer(callback, state, dueTime, period);
    }
}

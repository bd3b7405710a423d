using System.Diagnostics;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite.Tests;

/// <summary>A process is killed in the middle of its appends; every append it acknowledged must be there.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 10;
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task No_acknowledged_append_is_lost_when_the_process_is_killed()
    {
        for (var kill = 1; kill <= Kills; kill++)
        {
            var job = new JobId($"{kill:d16}");
            var acknowledged = await RunAndKill(job, after: kill * kill * 3);

            await using var store = await SqliteJobStore.OpenAsync(scratch.Database);
            var journal = await store.ReadAsync(StreamId.Of(job), 0, default);
            Assert.True(acknowledged >= kill * kill * 3);
            Assert.InRange(journal.Length, acknowledged, long.MaxValue);
            Assert.Equal(Enumerable.Range(1, journal.Length).Select(i => (long)i), journal.Select(e => e.Sequence));
            Assert.Equal(journal.Length, (await store.OutboxAsync(job, default)).Length);
            Assert.Empty(await store.CompareAsync(default));
        }
    }

    /// <returns>The last sequence it said was durable.</returns>
    private async Task<long> RunAndKill(JobId job, int after)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", typeof(AppendForEver).Assembly.Location, scratch.Database, job.Value },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var child = Process.Start(start)!;
        var last = 0L;
        try
        {
            while (last < after)
            {
                last = await Next() ?? throw new InvalidOperationException("the child ended by itself");
            }
        }
        finally
        {
            child.Kill();
        }

        // What it said between the last line read and its end counts too.
        while (await Next() is { } more)
        {
            last = more;
        }

        await child.WaitForExitAsync();
        return last;

        // A line cut off by the kill may hold half a number, and is no acknowledgement.
        async Task<long?> Next() =>
            await child.StandardOutput.ReadLineAsync() is { } line && line.EndsWith('.') ? long.Parse(line[..^1]) : null;
    }
}

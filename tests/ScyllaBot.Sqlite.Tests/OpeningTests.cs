using System.Security.Cryptography;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Sqlite.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Creates_the_directory_and_a_file_for_its_owner_only()
    {
        await using var store = await SqliteJobStore.OpenAsync(scratch.Database);

        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in new[] { "", "-wal", "-shm", ".lock" })
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch.Database + file));
            }
        }
    }

    [Fact]
    public void The_writing_connection_is_as_durable_as_promised()
    {
        using var file = StoreFile.Take(scratch.Database);
        using var writer = file.OpenWriter();

        Assert.Equal(2, Schema.Number(writer, "PRAGMA synchronous"));
        Assert.Equal(1, Schema.Number(writer, "PRAGMA foreign_keys"));
        Assert.Equal(5000, Schema.Number(writer, "PRAGMA busy_timeout"));
        Assert.Equal(4000, Schema.Number(writer, "PRAGMA wal_autocheckpoint"));
        Assert.Equal(4096, Schema.Number(writer, "PRAGMA page_size"));
        using var mode = new Statement(writer, "PRAGMA journal_mode");
        Assert.Equal("wal", mode.One());
    }

    [Fact]
    public async Task A_second_opener_is_refused_and_told_which_file_is_locked()
    {
        await using (await SqliteJobStore.OpenAsync(scratch.Database))
        {
            var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));
            Assert.Contains(scratch.Database + ".lock", refusal.Message, StringComparison.Ordinal);
        }

        await using var again = await SqliteJobStore.OpenAsync(scratch.Database);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(4096, 4096)]
    [InlineData(8192, 20000)]
    public async Task A_damaged_file_is_refused_and_left_as_it_is(int from, int length)
    {
        await Fill();
        var bytes = await File.ReadAllBytesAsync(scratch.Database);
        for (var i = from; i < Math.Min(from + length, bytes.Length); i++)
        {
            bytes[i] = (byte)(i * 31);
        }

        await File.WriteAllBytesAsync(scratch.Database, bytes);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));

        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Restore a backup", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await File.ReadAllBytesAsync(scratch.Database)));
    }

    [Fact]
    public async Task A_file_cut_short_is_refused_and_left_as_it_is()
    {
        await Fill();
        var bytes = (await File.ReadAllBytesAsync(scratch.Database))[..^8192];
        await File.WriteAllBytesAsync(scratch.Database, bytes);

        await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(scratch.Database));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_as_it_is()
    {
        await Fill();
        scratch.Execute($"PRAGMA user_version = {Schema.Current + 1}");
        var bytes = await File.ReadAllBytesAsync(scratch.Database);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));

        Assert.Contains($"version {Schema.Current + 1}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(scratch.Database));
    }

    [Fact]
    public async Task The_database_of_another_program_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Database)!);
        scratch.Execute("CREATE TABLE theirs (x)");

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));

        Assert.Contains("something else", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_can_not_be_written_is_refused_in_words()
    {
        await File.WriteAllTextAsync(scratch.PathOf("state"), "a file where the directory should be");

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteJobStore.OpenAsync(scratch.Database));

        Assert.Contains("can not be opened", refusal.Message, StringComparison.Ordinal);
    }

    private async Task Fill()
    {
        await using var store = await SqliteJobStore.OpenAsync(scratch.Database);
        for (var i = 0; i < 40; i++)
        {
            var job = StreamId.Of(new JobId($"{i:d16}"));
            await store.AppendAsync(job, 0, 0, [Journals.Birth($"{i}"), .. Journals.Life[1..4]], [], default);
        }
    }
}

using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Sqlite.Tests;

/// <summary>Entry point of this assembly, for <see cref="KillTests"/>: appends until it is killed and says what is durable.</summary>
internal static class AppendForEver
{
    public static async Task Main(string[] args)
    {
        await using var store = await SqliteJobStore.OpenAsync(args[0]);
        var job = new JobId(args[1]);
        await using var said = new StreamWriter(Console.OpenStandardOutput());
        for (var sequence = 0; ; sequence++)
        {
            JournalEvent next = sequence == 0 ? Journals.Birth(job.Value) : new PlanDrifted(Journals.At(sequence), $"{sequence}");
            var item = new OutboxItem("say", "ops", $"{sequence}");
            if (await store.AppendAsync(StreamId.Of(job), sequence, 0, [next], [(0, item)], default) is not AppendOutcome.Appended done)
            {
                throw new InvalidOperationException("an append was refused");
            }

            await said.WriteAsync($"{done.Sequence}.\n");
            await said.FlushAsync();
        }
    }
}

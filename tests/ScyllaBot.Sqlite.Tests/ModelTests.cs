using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Sqlite.Tests;

/// <summary>Whatever is asked of both stores, the durable one answers as the one in memory does.</summary>
public sealed class ModelTests
{
    private const int BytesPerCall = 4;

    [Fact]
    public void Answers_like_the_store_in_memory() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => ComparedAsync(bytes).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(240));

    private static async Task<bool> ComparedAsync(byte[] bytes)
    {
        using var scratch = new Scratch();
        await using var store = await SqliteJobStore.OpenAsync(scratch.Database);
        var model = new InMemoryJobStore();
        foreach (var call in bytes.Chunk(BytesPerCall).Where(c => c.Length == BytesPerCall).Index())
        {
            var stands = new Standing(model, call.Index);
            var (expected, found) = (await AnswerAsync(model, stands, call.Item), await AnswerAsync(store, stands, call.Item));
            if (!string.Equals(expected, found, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"call {call.Index}: expected {expected}, found {found}");
            }
        }

        Assert.Equal(await StateAsync(model), await StateAsync(store), StringComparer.Ordinal);
        Assert.Empty(await store.CompareAsync(default));
        return true;
    }

    private static async Task<string> AnswerAsync(IJobStore store, Standing stands, byte[] call)
    {
        try
        {
            return await DoAsync(store, stands, call);
        }
        catch (Exception e) when (e is IllegalTransitionException or ArgumentException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static async Task<string> DoAsync(IJobStore store, Standing stands, byte[] call)
    {
        var (what, who, how, with) = (call[0], call[1] % 3, call[2], call[3]);
        if (what >= 224)
        {
            var row = new OutboxRow(Job(who), how % 6, with % 2, "", "", "", null, null);
            await (what % 2 == 0
                ? store.OutboxSentAsync(row, $"1/{how}", default)
                : store.OutboxTriedAsync(row, Journals.At(how), default));
            return "row";
        }

        // Mostly where the stream stands, sometimes beside it; mostly without a lease, sometimes with the newest or an older epoch.
        var expected = stands.Sequence(Job(who)) + (how % 16 == 0 ? 1 : 0);
        var epoch = with % 4 == 0 ? Math.Max(0, stands.Epoch - (with % 8 == 0 ? 1 : 0)) : 0;
        var outbox = Enumerable.Range(0, with % 3).Select(i => (0, new OutboxItem($"k{i}", "ops", $"{with}"))).ToImmutableArray();
        var outcome = await store.AppendAsync(StreamId.Of(Job(who)), expected, epoch, [Event(what, who, how, stands)], outbox, default);
        return outcome.ToString();
    }

    // A job's journal as the model has it decides what is plausible; the rest of the bytes decides what is asked.
    private static JournalEvent Event(byte what, int who, byte how, Standing stands)
    {
        var at = Journals.At(stands.Call);
        var key = new StepKey($"1.{how % 3}", how % 2 == 0 ? "n" : null);
        return stands.Sequence(Job(who)) switch
        {
            0 => Journals.Birth($"r{how % 4}", "alpha", stands.Call),
            1 => what % 8 == 0 ? new Ended(at, JobOutcome.Refused, "no") : new Began(at),
            _ => (what % 16) switch
            {
                0 or 1 => new LeaseTaken(at, "alpha", stands.Epoch + (how % 8 == 0 ? 0 : 1)) { Class = how % 3 == 0 ? null : LeaseClass.Background },
                2 => new LeaseReleased(at, "alpha", stands.Epoch),
                3 or 4 or 5 => new StepStarted(at, key, 1 + (how % 5 == 0 ? 1 : 0), null),
                6 => new StepSucceeded(at, key, 1),
                7 => new StepFailed(at, key, 1, true, "why", at),
                8 => new Halted(at, key, false, "why", "safe"),
                9 => new RetryAsked(at, Journals.Ana, true),
                10 => new NodeHeld(at, $"n{how % 2}", key),
                11 => new NodeReleased(at, $"n{how % 2}", ReleaseReason.Done),
                12 => new ApprovalAsked(at, $"a{how % 2}", "?", [], 1, at, "h"),
                13 => new ApprovalExpired(at, $"a{how % 2}"),
                14 when how % 2 == 0 => new Unlocked(at, Journals.Ana, "x", "alpha", stands.Epoch + 1),
                14 => new PlanDrifted(at, "x"),
                _ => new Ended(at, JobOutcome.Succeeded, ""),
            },
        };
    }

    private static async Task<IEnumerable<string>> StateAsync(IJobStore store)
    {
        var state = new List<string>((await store.ListJobsAsync(new JobFilter(), default)).Select(j => j.ToString()))
        {
            $"{await store.LeaseAsync("alpha", default)}",
        };
        state.AddRange((await store.PendingOutboxAsync(1000, default)).Select(r => r.ToString()));
        for (var who = 0; who < 3; who++)
        {
            state.AddRange((await store.OutboxAsync(Job(who), default)).Select(r => r.ToString()));
            var journal = await store.ReadAsync(StreamId.Of(Job(who)), 0, default);
            state.AddRange(journal.Select(e => $"{e.Stream} {e.Sequence} {JournalCodec.Write(e.Event)}"));
        }

        return state;
    }

    private static JobId Job(int who) => new($"{who:d16}");

    /// <summary>How the model stood before the call: both stores are asked the same.</summary>
    private sealed class Standing(InMemoryJobStore model, int call)
    {
        private readonly ImmutableArray<JournalEntry> journal = model.Journal;

        public int Call => call;

        public long Epoch => journal.Select(e => e.Event).Select(e => e is LeaseTaken t ? t.Epoch : e is Unlocked u ? u.Epoch : 0).DefaultIfEmpty(0).Max();

        public long Sequence(JobId job) => journal.LastOrDefault(e => e.Stream == StreamId.Of(job))?.Sequence ?? 0;
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Chat;

/// <summary>A store, a chat, a clock, and the two loops between them, on one thread.</summary>
internal sealed class ChatBed : IDisposable
{
    private readonly TestLoop _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];

    public ChatBed(TestLoop loop, InMemoryJobStore? store = null, FakeChat? chat = null, ManualTime? time = null)
    {
        _loop = loop;
        Time = time ?? new ManualTime();
        Store = store ?? new InMemoryJobStore();
        Chat = chat ?? new FakeChat(Time);
        Cards = new CardWriter(Store, Chat, Time, new EvenRandom(), id => LiveOf(id), true, NullLogger<CardWriter>.Instance);
        Delivery = new OutboxDelivery(
            Store, Chat, Time, new EvenRandom(), NullLogger<OutboxDelivery>.Instance, sent: row => Cards.Changed(row.Job));
    }

    public ManualTime Time { get; }

    public InMemoryJobStore Store { get; }

    public FakeChat Chat { get; }

    public CardWriter Cards { get; }

    public OutboxDelivery Delivery { get; }

    /// <summary>What the engine would say of a job; a test may replace it.</summary>
    public Func<JobId, Task<LiveJob?>> LiveOf { get; set; } = null!;

    public static void Run(Func<ChatBed, Task> test) => TestLoop.Run(async loop =>
    {
        using var bed = new ChatBed(loop);
        bed.LiveOf = bed.FromStoreAsync;
        await test(bed);
        await bed.StopAsync();
    });

    /// <summary>The process dies and another one starts on the same store, chat and clock.</summary>
    public ChatBed Restarted()
    {
        _stop.Cancel();
        var next = new ChatBed(_loop, Store.Copy(), Chat, Time);
        next.LiveOf = next.FromStoreAsync;
        return next;
    }

    public async Task StartAsync(bool delivery = true, bool cards = false)
    {
        if (delivery)
        {
            _loops.Add(Delivery.RunAsync(_stop.Token));
        }

        if (cards)
        {
            _loops.Add(Cards.RunAsync(_stop.Token));
        }

        await _loop.SettleAsync();
    }

    public async Task StopAsync()
    {
        _stop.Cancel();
        await Task.WhenAll(_loops);
    }

    /// <summary>Moves the clock timer by timer, letting everything happen that can.</summary>
    public async Task PassAsync(double seconds)
    {
        var end = Time.Elapsed + TimeSpan.FromSeconds(seconds);
        await _loop.SettleAsync();
        while (Time.UntilNext is { } next && Time.Elapsed + next <= end)
        {
            Time.Advance(next);
            await _loop.SettleAsync();
        }

        Time.Advance(end - Time.Elapsed);
        await _loop.SettleAsync();
    }

    /// <summary>Appends as the engine does: events and what follows from them for people, in one transaction.</summary>
    public async Task AppendAsync(JobId id, params JobEvent[] events)
    {
        var before = (await Store.ReadAsync(StreamId.Of(id), 0, default)).Select(e => (JobEvent)e.Event).ToList();
        var outbox = ImmutableArray.CreateBuilder<(int, OutboxItem)>();
        for (var i = 0; i < events.Length; i++)
        {
            var after = Job.From(id, [.. before, .. events.Take(i + 1)]);
            outbox.AddRange(OutboxItems.For(after, events[i]).Select(item => (i, item)));
        }

        var outcome = await Store.AppendAsync(
            StreamId.Of(id), before.Count, 0, [.. events], outbox.ToImmutable(), default);
        Assert.IsType<AppendOutcome.Appended>(outcome);
        Delivery.Wake();
        Cards.Changed(id);
        await _loop.SettleAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    public async Task<LiveJob?> FromStoreAsync(JobId id)
    {
        var events = await Store.ReadAsync(StreamId.Of(id), 0, default);
        return events.IsEmpty ? null : Sample.Live(Job.From(id, events.Select(e => (JobEvent)e.Event)));
    }
}

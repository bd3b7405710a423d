using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Transports.Tests;

/// <summary>Pager and heartbeat against a server that is there: what goes over the wire, and that its address is in no message.</summary>
public sealed class PagerTests : IDisposable
{
    private const string Path = "hooks/T0P-s3cret";
    private readonly HttpClient _http = HttpExchange.NewClient();
    private readonly List<string> _files = [];

    public void Dispose()
    {
        _http.Dispose();
        _files.ForEach(File.Delete);
    }

    [Fact]
    public async Task R14_a_row_for_the_pager_is_posted_waited_for_and_confirmed_and_a_repeat_says_so()
    {
        await using var deaf = new RawServer("", hangsUp: true);
        var (store, row) = await RowAsync();
        var payload = row.Payload;

        // The first is not answered: it may have arrived.
        var lost = await Assert.ThrowsAsync<RecoverableException>(() => PagerAt(deaf.Address).SendAsync(payload, row.Nonce, mayBeRepeated: false, default));
        Assert.DoesNotContain("s3cret", lost.ToString());
        Assert.DoesNotContain($"{deaf.Address.Port}", lost.ToString());
        Assert.Contains($"POST /{Path} HTTP/1.1", await deaf.Asked);
        Assert.False(Body(await deaf.Asked).GetProperty("possibly_repeated").GetBoolean());
        await store.OutboxTriedAsync(row, Journals.At(1), default);

        await using var server = new RawServer(RawServer.Answer(202, "ok"));
        using var end = new CancellationTokenSource();
        var delivery = new OutboxDelivery(store, new NoChat(), TimeProvider.System, new Zero(), NullLogger<OutboxDelivery>.Instance, null, PagerAt(server.Address));
        var running = delivery.RunAsync(end.Token);
        var sent = Body(await server.Asked);
        while ((await store.PendingOutboxAsync(1, default)).Length > 0)
        {
            await Task.Yield();
        }

        await end.CancelAsync();
        await running;
        Assert.Equal(("scyllabot", "halt", row.Nonce, true), (sent.GetProperty("source").GetString(), sent.GetProperty("kind").GetString(),
            sent.GetProperty("id").GetString(), sent.GetProperty("possibly_repeated").GetBoolean()));
        Assert.Equal($"pager/{row.Nonce}", (await store.OutboxAsync(row.Job, default)).Single().Message);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    public async Task R7_what_the_pager_refuses_is_tried_again(int status)
    {
        await using var server = new RawServer(RawServer.Answer(status, "no"));
        var refused = await Assert.ThrowsAsync<RecoverableException>(() => PagerAt(server.Address).SendAsync("{}", "x", mayBeRepeated: false, default));
        Assert.Contains($"answered {status}", refused.Message);
        Assert.DoesNotContain("s3cret", refused.ToString());
    }

    [Fact]
    public async Task An_address_in_clear_text_over_the_network_is_no_address()
    {
        var pager = new Pager(Keep("http://pager.example.org/hooks/T0P-s3cret"), new HttpExchange(_http));
        var refused = await Assert.ThrowsAsync<RecoverableException>(() => pager.SendAsync("{}", "x", mayBeRepeated: false, default));
        Assert.Contains("holds no https address", refused.Message);
        Assert.DoesNotContain("s3cret", refused.ToString());
    }

    [Theory]
    [InlineData(HeartbeatKind.Get, "GET /hooks/T0P-s3cret HTTP/1.1")]
    [InlineData(HeartbeatKind.Post, "POST /hooks/T0P-s3cret HTTP/1.1")]
    [InlineData(HeartbeatKind.Alertmanager, "\"alertname\":\"ScyllaBotAlive\"")]
    public async Task R10_a_heartbeat_arrives_while_the_bot_can_write_and_not_when_it_can_not(HeartbeatKind kind, string says)
    {
        await using var server = new RawServer(RawServer.Answer(200, ""));
        var store = new InMemoryJobStore();
        await Beat(kind, server, store).BeatAsync(default);
        Assert.Contains(says, await server.Asked);
        Assert.NotNull(await store.ReadNoteAsync("heartbeat", default));

        await using var later = new RawServer(RawServer.Answer(200, ""));
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Beat(kind, later, store).BeatAsync(given.Token));
        Assert.False(later.Asked.IsCompleted);
    }

    private Heartbeat Beat(HeartbeatKind kind, RawServer server, InMemoryJobStore store) => new(
        Keep($"{server.Address}{Path}"), kind, TimeSpan.FromSeconds(60), store, new HttpExchange(_http), TimeProvider.System, NullLogger<Heartbeat>.Instance);

    private Pager PagerAt(Uri server) => new(Keep($"{server}{Path}"), new HttpExchange(_http));

    private SecretRef Keep(string url)
    {
        var file = System.IO.Path.GetTempFileName();
        _files.Add(file);
        File.WriteAllText(file, url + "\n");
        return SecretRef.TryParse($"file:{file}")!;
    }

    private static JsonElement Body(string request) => JsonDocument.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).RootElement.Clone();

    private static async Task<(InMemoryJobStore Store, OutboxRow Row)> RowAsync()
    {
        var (store, id) = (new InMemoryJobStore(), new JobId("0000000001AAAAAA"));
        var job = Job.Begin(id, Journals.Birth("r"));
        await store.AppendAsync(StreamId.Of(id), 0, 0, [Journals.Birth("r")], [(0, new OutboxItem(OutboxItems.Pager, OutboxItems.Pager, PagerMessage.Of(job, "halt", "it \"broke\"", Journals.At(1))))], default);
        return (store, (await store.OutboxAsync(id, default)).Single());
    }

    private sealed class Zero : IRandom
    {
        public double NextDouble() => 0;

        public void NextBytes(Span<byte> bytes) => bytes.Clear();
    }

    private sealed class NoChat : IChat
    {
        public Task<MessageRef> PostAsync(string channel, Notice notice, string nonce, CancellationToken ct) => throw new InvalidOperationException("the pager is no chat");

        public Task<MessageRef?> FindAsync(string channel, string nonce, CancellationToken ct) => throw new InvalidOperationException("the pager is no chat");

        public Task UpdateAsync(MessageRef message, Notice notice, CancellationToken ct) => throw new InvalidOperationException("the pager is no chat");

        public Task LogAsync(MessageRef message, string threadName, IReadOnlyList<string> lines, CancellationToken ct) => throw new InvalidOperationException("the pager is no chat");
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Oracle;

namespace ScyllaBot.Sandbox.Http;

/// <summary>
/// `GET /sandbox/events` (SSE): `node`, `effect`, `violation`, `clock`, `fault`. Nodes are compared with what this subscriber was last sent
/// and written at most every 100 ms real time, so a storm of changes is one event for each node.
/// </summary>
internal sealed class EventStream : IWorldObserver
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly SandboxWorld _world;
    private readonly TimeProvider _real;
    private ImmutableArray<Channel<Message>> _subscribers = [];

    public EventStream(SandboxWorld world, TimeProvider real)
    {
        _world = world;
        _real = real;
        world.Watch(this);
    }

    /// <summary>Sends an event to every subscriber; one that reads too slowly loses the oldest.</summary>
    public void Send(string name, object data)
    {
        var message = new Message(name, JsonSerializer.Serialize(data, Wire.Json));
        foreach (var subscriber in _subscribers)
        {
            subscriber.Writer.TryWrite(message);
        }
    }

    public void NodeChanged(SimNode node)
    {
        // Nodes are polled by version: see ServeAsync.
    }

    public void EffectRecorded(Effect effect) => Send("effect", effect);

    public void FaultTold(string what, Fault fault, string? node) =>
        Send("fault", new { what, id = fault.Id, kind = Wire.Kebab(fault.Kind), cluster = fault.Cluster, node, left = fault.Left });

    /// <summary>One for each keyspace and table hit: two zones down lose hundreds of ranges at once.</summary>
    public void Lost(ImmutableArray<Violation> lost)
    {
        foreach (var violation in lost.DistinctBy(v => (v.Kind, v.Keyspace, v.Table)))
        {
            Send("violation", violation);
        }
    }

    /// <summary>Runs until the client leaves or <paramref name="ct"/> ends.</summary>
    public async Task ServeAsync(HttpResponse response, CancellationToken ct)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        var messages = Channel.CreateBounded<Message>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref _subscribers, list => list.Add(messages));
        try
        {
            await PumpAsync(response, messages.Reader, ct);
        }
        catch (OperationCanceledException)
        {
            // The client left, or the sandbox ends: both are how a stream finishes.
        }
        finally
        {
            ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(messages));
        }
    }

    private async Task PumpAsync(HttpResponse response, ChannelReader<Message> messages, CancellationToken ct)
    {
        var sent = new Dictionary<string, string>(StringComparer.Ordinal);
        var version = -1L;
        using var timer = new PeriodicTimer(_tick, _real);
        var ticks = 0;
        do
        {
            while (messages.TryRead(out var message))
            {
                await WriteAsync(response, message, ct);
            }

            // Compactions move with time alone, so nodes are looked at once a second also when nothing happened.
            if (_world.Version != version || ticks++ % 10 == 0)
            {
                version = _world.Version;
                await WriteNodesAsync(response, sent, ct);
            }

            await response.Body.FlushAsync(ct);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private async Task WriteNodesAsync(HttpResponse response, Dictionary<string, string> sent, CancellationToken ct)
    {
        foreach (var view in _world.Agenda.Run(() => _world.Clusters.SelectMany(cluster => cluster.Machines).Select(NodeView.Of).ToArray()))
        {
            var json = JsonSerializer.Serialize(view, Wire.Json);
            if (!sent.TryGetValue(view.Name, out var last) || !string.Equals(last, json, StringComparison.Ordinal))
            {
                sent[view.Name] = json;
                await WriteAsync(response, new Message("node", json), ct);
            }
        }
    }

    private static Task WriteAsync(HttpResponse response, Message message, CancellationToken ct) =>
        response.WriteAsync($"event: {message.Name}\ndata: {message.Json}\n\n", ct);

    private sealed record Message(string Name, string Json);
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>
/// Server-sent events for the pages that are open. A page that does not read loses its oldest events rather than holding us up.
/// </summary>
internal sealed class PageFeed
{
    private const int Backlog = 1_024;

    private readonly ConcurrentDictionary<Guid, Listener> _listeners = [];

    /// <summary>Sends an event to whoever may see it.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="forUser">What this user gets; null = nothing.</param>
    public void Publish(string name, Func<ulong, JsonObject?> forUser)
    {
        foreach (var listener in _listeners.Values)
        {
            if (forUser(listener.User) is { } data)
            {
                listener.Events.Writer.TryWrite($"event: {name}\ndata: {data.Print()}\n\n");
            }
        }
    }

    public Listener Listen(ulong user)
    {
        var events = Channel.CreateBounded<string>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        var id = Guid.NewGuid();
        return _listeners[id] = new Listener(user, events, () => _listeners.TryRemove(id, out _));
    }
}

/// <summary>One open page; disposing unsubscribes.</summary>
internal sealed record Listener(ulong User, Channel<string> Events, Action Leave) : IDisposable
{
    public void Dispose() => Leave();
}

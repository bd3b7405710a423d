using System.Net.Http.Json;
using System.Text.Json;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>The wire between processes: `GET /peer` and `POST /peer/leave` on the internode port.</summary>
internal sealed class HttpPeerWire(Func<string, Uri> where) : IPeerWire, IDisposable
{
    public const int Port = 7000;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // A peer that was frozen or unplugged must not keep a dead connection in use.
        PooledConnectionLifetime = TimeSpan.FromSeconds(30),
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UseProxy = false,
    })
    {
        Timeout = TimeSpan.FromSeconds(4),
    };

    /// <summary>Task.Run: callers hold the simulation's lock, and connecting may take its time.</summary>
    public Task<PeerState?> AskAsync(string peer) => Task.Run(async () =>
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(where(peer), "/peer"));
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<PeerState>(Wire.Json) : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            return null;
        }
    });

    public Task TellAsync(string peer, PeerLeave leave) => Task.Run(async () =>
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(where(peer), "/peer/leave"), leave, Wire.Json);
        }
        catch (Exception unheard) when (unheard is HttpRequestException or OperationCanceledException or IOException)
        {
            // It will notice the silence.
        }
    });

    public void Dispose() => _http.Dispose();
}

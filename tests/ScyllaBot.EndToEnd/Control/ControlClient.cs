using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ScyllaBot.Core.Control;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Control;

/// <summary>A program at a bot's socket.</summary>
internal sealed class ControlClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = async (_, ct) => await ConnectAsync(socket, ct) })
    {
        BaseAddress = new Uri("http://bot"), Timeout = TimeSpan.FromMinutes(2),
    };

    public async Task<T> GetAsync<T>(string url)
    {
        using var answer = await _http.GetAsync(url);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{url}: {text}");
        return JsonSerializer.Deserialize<T>(text, ControlJson.Answers)!;
    }

    /// <returns>The answer, or the problem.</returns>
    public async Task<(T? Answer, Problem? Problem)> PostAsync<T>(string url, object? form = null, Guid? id = null)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Headers = { { ControlRoutes.RequestId, (id ?? Guid.NewGuid()).ToString() } } };
        if (form is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(form, form.GetType(), ControlJson.Answers));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (JsonSerializer.Deserialize<T>(text, ControlJson.Answers), null) : (null, JsonSerializer.Deserialize<Problem>(text, ControlJson.Answers));
    }

    /// <summary>Ends when the stream does, however that is.</summary>
    public async IAsyncEnumerable<SentEvent> WatchAsync(string job, string? lastEventId, [EnumeratorCancellation] CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Watch.Url([job]));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        await using var events = SentEvents.ReadAsync(stream, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(events))
        {
            yield return events.Current;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> NextAsync(IAsyncEnumerator<SentEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

using System.Net.Http.Headers;
using System.Net.Sockets;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports;

/// <summary>Direct HTTP. Bounded in time and bytes; it retries nothing and judges nothing.</summary>
/// <param name="http">One for the process, without a timeout of its own.</param>
/// <param name="patience">From a call's timeout to real time; the sandbox runs faster than the clock.</param>
/// <param name="time">Measures the real time; default the system's.</param>
public sealed class HttpExchange(HttpClient http, Func<TimeSpan, TimeSpan>? patience = null, TimeProvider? time = null) : IHttpExchange
{
    /// <summary>A client for nodes: no proxy, no cookies, no redirects, connections renewed now and then.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(patience?.Invoke(call.Timeout) ?? call.Timeout, time ?? TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        using var request = RequestOf(call);
        var isHidden = call.SecretUri is not null;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await ReadAsync(response, call.MaxBytes, both.Token);
            return new HttpAnswer((int)response.StatusCode, HeadersOf(response), body);
        }
        catch (OperationCanceledException unconnected) when (!ct.IsCancellationRequested && !timer.IsCancellationRequested)
        {
            // Neither gave up: it is the client's own, shorter patience with connecting.
            throw new ExchangeException(ExchangeFailure.NotConnected, isHidden ? "not connected" : Sentence(unconnected), isHidden ? null : unconnected);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.TimedOut, $"no answer within {call.Timeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException broken)
        {
            var failure = broken.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                ? ExchangeFailure.NotConnected : ExchangeFailure.NoAnswer;
            throw new ExchangeException(failure, isHidden ? Hidden(failure) : Sentence(broken), isHidden ? null : broken);
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // A socket that fails between two uses of its connection says so in its own words: whether the call left is unknown then.
            throw new ExchangeException(ExchangeFailure.NoAnswer, isHidden ? Hidden(ExchangeFailure.NoAnswer) : Sentence(broken), isHidden ? null : broken);
        }
    }

    private static string Sentence(Exception broken) => broken.InnerException?.Message ?? broken.Message;

    /// <summary>Of a call whose address is a secret not even the host is told.</summary>
    private static string Hidden(ExchangeFailure failure) => failure == ExchangeFailure.NotConnected ? "not connected" : "no answer";

    private static HttpRequestMessage RequestOf(HttpCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.SecretUri is { } secret ? Secrets.Address(secret) : call.Uri);
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.ContentType is not null || !call.Body.IsEmpty || call.Once || call.Method is not ("GET" or "HEAD"))
        {
            // Scylla wants Content-Length: 0 on an empty POST (facts/scylla.md 1.1). And with content the client never sends it again when the
            // connection is closed under it: without, it would, up to three times.
            request.Content = new ReadOnlyMemoryContent(call.Body);
            if (call.ContentType is { } type)
            {
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }
        }

        return request;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int max, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (body.Length + read > max)
            {
                throw new ExchangeException(ExchangeFailure.TooLong, $"the answer is longer than {max} bytes");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static System.Collections.Immutable.ImmutableArray<KeyValuePair<string, string>> HeadersOf(HttpResponseMessage response) =>
        [.. response.Headers.Concat(response.Content.Headers).Select(h => KeyValuePair.Create(h.Key, string.Join(", ", h.Value)))];
}

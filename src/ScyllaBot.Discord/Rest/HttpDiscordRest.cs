using System.Net.Http.Headers;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Discord.Rest;

/// <summary>Discord over HttpClient: bounded answers and a timeout of its own for every call, because a server may never answer.</summary>
public sealed class HttpDiscordRest : IDiscordRest, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(call.Timeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var request = Request(call);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await BoundedAsync(answer.Content, call.MaxBytes, both.Token);
            return new HttpAnswer((int)answer.StatusCode, Headers(answer), body);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.TimedOut, $"no answer within {call.Timeout.TotalSeconds:0.#} s", e);
        }
        catch (HttpRequestException e)
        {
            // Anything after the connection stood may have reached the server.
            var failure = e.HttpRequestError
                is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                ? ExchangeFailure.NotConnected
                : ExchangeFailure.NoAnswer;
            throw new ExchangeException(failure, WordsOf(e), e);
        }
        catch (IOException e)
        {
            throw new ExchangeException(ExchangeFailure.NoAnswer, "the answer broke off", e);
        }
    }

    /// <summary>The runtime's own sentence names host and port; of TLS only the inner one says what is wrong.</summary>
    private static string WordsOf(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"no such name: {e.Message}",
        HttpRequestError.ConnectionError => $"no connection: {e.Message}",
        HttpRequestError.SecureConnectionError => $"no secure connection: {e.InnerException?.Message ?? e.Message}",
        _ => $"the connection broke: {e.Message}",
    };

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(HttpCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Uri);
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.ContentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(call.Body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.ContentType);
        }

        return request;
    }

    private static ImmutableArray<KeyValuePair<string, string>> Headers(HttpResponseMessage answer) =>
    [
        .. answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString())),
    ];

    private static async Task<ReadOnlyMemory<byte>> BoundedAsync(HttpContent content, int max, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
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
}

using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ScyllaBot.Core.Control;

namespace Scyllactl.Bot;

/// <summary>The bot's control endpoint, as this program uses it. What goes wrong is a <see cref="StopException"/> with the exit code it deserves.</summary>
internal sealed class BotClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Somebody took the request's connection, so it may have arrived.</summary>
    private static readonly HttpRequestOptionsKey<bool> Reached = new("reached");

    private readonly BotAddress _address;
    private readonly HttpClient _http;

    public BotClient(BotAddress address)
    {
        _address = address;

        // A connection for each request, so that it is known whether that one was taken: the handler sends some again by itself, and tells of the last attempt only.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero };
        handler.ConnectCallback = async (context, ct) =>
        {
            var stream = address.Url is null ? await ConnectAsync(ct) : await ConnectAsync(context.DnsEndPoint, ct);
            context.InitialRequestMessage.Options.Set(Reached, true);
            return stream;
        };

        _http = new HttpClient(handler) { BaseAddress = address.Url ?? new Uri("http://scyllabot"), Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        if (address.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public static BotClient Of(ParseResult parsed, Surroundings around) => new(BotAddress.Of(parsed, around));

    /// <summary>A GET.</summary>
    public async Task<T> AskAsync<T>(ControlRoute route, IEnumerable<string>? places, CancellationToken ct, params (string Name, string? Value)[] query)
    {
        using var answer = await ReachAsync(() => new HttpRequestMessage(HttpMethod.Get, route.Url(places, query)), ct);
        return await ReadAsync<T>(answer, ct);
    }

    /// <summary>A POST. Its request id makes it safe to send it once more when the answer was lost.</summary>
    public async Task<T> SendAsync<T>(ControlRoute route, IEnumerable<string>? places, object? body, CancellationToken ct)
    {
        var id = Guid.NewGuid().ToString();
        using var answer = await ReachAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, route.Url(places))
                {
                    Content = route.Body is { } type ? JsonContent.Create(body, type, options: ControlJson.Strict) : null,
                };
                request.Headers.Add(ControlRoutes.RequestId, id);
                return request;
            },
            ct);
        return await ReadAsync<T>(answer, ct);
    }

    public Task<VerbAnswer> DoAsync(ControlRoute route, string? place, object? body, CancellationToken ct) =>
        SendAsync<VerbAnswer>(route, place is null ? [] : [place], body, ct);

    /// <summary>Opens a stream of events from a cursor on; without one, with the last so many lines of what was.</summary>
    /// <exception cref="HttpRequestException">The bot is away.</exception>
    public async Task<HttpResponseMessage> OpenAsync(ControlRoute route, string place, string? lastEventId, int tail, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, route.Url([place], ("tail", lastEventId is null ? tail.ToString(CultureInfo.InvariantCulture) : null)));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            // Something between us that finds no bot.
            throw (int)answer.StatusCode is 502 or 504
                ? new HttpRequestException($"it answered {(int)answer.StatusCode}") : await StopAsync(answer, ct);
        }
    }

    public StopException NoBot(Exception cause)
    {
        var tried = _address.Url is { } url ? url.ToString() : string.Join(", ", _address.Sockets);
        return new StopException(ExitCodes.NoBot, $"""
            No bot answers at {tried}{(Root(cause) is SocketException { SocketErrorCode: SocketError.AccessDenied } ? " (no permission: are you in the socket's group?)" : "")}.
            Start one with `systemctl start scyllabot`, or in a checkout `dotnet run --project src/ScyllaBot` (without a token and an inventory it brings its own sandbox).
            If it runs elsewhere, say --socket PATH (or SCYLLACTL_SOCKET), or --url and --token-file.
            """, cause);
    }

    public void Dispose() => _http.Dispose();

    private static Exception Root(Exception e) => e.InnerException is { } inner ? Root(inner) : e;

    private async Task<HttpResponseMessage> ReachAsync(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(Patience);
        var hasReached = false;
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            try
            {
                return await _http.SendAsync(request, timer.Token);
            }
            catch (HttpRequestException broken)
            {
                var isReached = request.Options.TryGetValue(Reached, out _);
                hasReached |= isReached;
                if (attempt == 1 && isReached)
                {
                    // The connection broke after it stood: a GET changes nothing, a POST carries its id.
                    continue;
                }

                throw hasReached && request.Method == HttpMethod.Post ? Unknown(broken) : NoBot(broken);
            }
            catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
            {
                throw new StopException(ExitCodes.Broken, $"The bot has not answered for {Patience.TotalMinutes:0} minutes; look at its log before you try again.", late);
            }
        }
    }

    private static StopException Unknown(Exception cause) => new(
        ExitCodes.Broken, "The connection broke before the answer came, and trying again did not help: whether it was done is not known. "
        + "`scyllactl history` and `scyllactl job list` tell, once the bot answers; look there before you try again.", cause);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken ct)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw await StopAsync(answer, ct);
        }

        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(ControlJson.Answers, ct)
                ?? throw new StopException(ExitCodes.Broken, "The bot answered nothing.");
        }
        catch (JsonException strange)
        {
            throw new StopException(ExitCodes.Broken, $"The bot's answer can not be read ({strange.Message}): are bot and scyllactl of one version?", strange);
        }
    }

    private static async Task<StopException> StopAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        Problem? problem = null;
        if (answer.Content.Headers.ContentType?.MediaType == Problem.MediaType)
        {
            try
            {
                problem = await answer.Content.ReadFromJsonAsync<Problem>(ControlJson.Answers, ct);
            }
            catch (JsonException)
            {
                // Then the status has to do.
            }
        }

        var status = (int)answer.StatusCode;
        var code = status switch { 401 or 403 => ExitCodes.NotAllowed, >= 500 and not 503 => ExitCodes.Broken, _ => ExitCodes.Refused };
        return new StopException(code, problem is null
            ? $"The bot answered {status} {answer.ReasonPhrase}."
            : string.Join('\n', new[] { problem.Detail }.Concat(problem.Errors.Where(e => e != problem.Detail).Select(e => $"  {e}"))
                .Concat(problem.Instance is { } instance ? [$"The bot's log calls it {instance}."] : [])));
    }

    private static async Task<Stream> ConnectAsync(DnsEndPoint to, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken ct)
    {
        Exception? last = null;
        foreach (var path in _address.Sockets)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception unreachable) when (unreachable is SocketException or ArgumentOutOfRangeException)
            {
                // A place where nothing is says less than one that is closed to us.
                last = last is SocketException { SocketErrorCode: SocketError.AccessDenied } ? last : unreachable;
                socket.Dispose();
            }
        }

        throw last ?? new SocketException((int)SocketError.AddressNotAvailable);
    }
}

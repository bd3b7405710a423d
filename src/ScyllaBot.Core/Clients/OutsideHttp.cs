using System.Text.Json;
using System.Text.Json.Serialization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>JSON over HTTP to what stands beside a cluster, classified once (decision 7).</summary>
/// <param name="Name">What a sentence calls it.</param>
/// <param name="Url">Base address.</param>
/// <param name="Http">Port.</param>
internal sealed record OutsideHttp(string Name, Uri Url, IHttpExchange Http)
{
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxWords = 300;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Values may hold placeholders of <see cref="Secrets"/>.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ImmutableArray<SecretRef> Secrets { get; init; } = [];

    /// <value>Default 20 s.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public static OutsideHttp Of(string name, ServiceEndpoint endpoint, IHttpExchange http, StepStamp? stamp = null) => new(name, endpoint.Url, http)
    {
        Headers = [.. endpoint.Headers, .. stamp is null ? Array.Empty<KeyValuePair<string, string>>() : [new("X-ScyllaBot-Step", stamp.ToString())]],
        Secrets = endpoint.Secrets,
    };

    /// <summary>One exchange, whatever its status.</summary>
    /// <param name="body">Null for none.</param>
    /// <param name="isRepeatable">It reads, or whoever calls looks before doing it again: without an answer it is worth another attempt.</param>
    /// <exception cref="RecoverableException">No answer, and another attempt does no harm.</exception>
    /// <exception cref="UnrecoverableException">No answer, and what it did is unknown.</exception>
    public async Task<HttpAnswer> SendAsync(string method, string path, object? body, bool isRepeatable, CancellationToken ct)
    {
        var call = new HttpCall(method, AddressOf(path), Patience)
        {
            Headers = [.. Headers, new("Accept", "application/json")], Secrets = Secrets, MaxBytes = MaxBytes,
            Body = body is null ? default : JsonSerializer.SerializeToUtf8Bytes(body, Json), ContentType = body is null ? null : "application/json",
        };
        try
        {
            return await Http.SendAsync(call, ct);
        }
        catch (ExchangeException broken) when (isRepeatable || broken.Failure == ExchangeFailure.NotConnected)
        {
            throw new RecoverableException($"{Name}: {broken.Message}", broken);
        }
        catch (ExchangeException broken)
        {
            throw new UnrecoverableException($"{Name}: no answer ({broken.Message}); what it did is unknown", broken);
        }
    }

    /// <summary>The answer as JSON; anything but 200 is a failure.</summary>
    public async Task<T> AskAsync<T>(string method, string path, object? body, bool isRepeatable, CancellationToken ct)
    {
        var answer = await SendAsync(method, path, body, isRepeatable, ct);
        return answer.Status is 200 ? Read<T>(answer) : throw Classify(answer);
    }

    public Task<T> GetAsync<T>(string path, CancellationToken ct) => AskAsync<T>("GET", path, null, isRepeatable: true, ct);

    public T Read<T>(HttpAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Body.Span, Json) ?? throw new UnrecoverableException($"{Name} answered null");
        }
        catch (JsonException unreadable)
        {
            throw new UnrecoverableException($"{Name} answered something unreadable: {Words(answer)}", unreadable);
        }
    }

    /// <summary>What was read, taken apart: see <see cref="Answers.Take{T}"/>.</summary>
    public T Take<T>(Func<T> take) => Answers.Take(Name, take);

    /// <summary>Busy, overloaded or broken may pass; not allowed, not found and not understood does not.</summary>
    public Exception Classify(HttpAnswer answer)
    {
        var text = $"{Name}: status {answer.Status}: {Words(answer)}";
        return answer.Status is 408 or 429 or >= 500 ? new RecoverableException(text) : new UnrecoverableException(text);
    }

    /// <summary>The beginning of what it said, on one line.</summary>
    public static string Words(HttpAnswer answer)
    {
        var text = System.Text.Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, MaxWords)]);
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? "(nothing said)" : words;
    }

    private Uri AddressOf(string path) => new($"{Url.AbsoluteUri.TrimEnd('/')}/{path}");
}

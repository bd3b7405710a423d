using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>One HTTP request that a workflow asks for, to a host that the inventory allows.</summary>
/// <param name="IsRepeatable">Doing it twice is doing it once.</param>
internal sealed record OutsideCall(string Method, Uri Url, ImmutableArray<KeyValuePair<string, string>> Headers, string Body, bool IsRepeatable)
{
    private const int MaxBytes = 1024 * 1024;

    public required TimeSpan Timeout { get; init; }

    /// <summary>Empty: any 2xx.</summary>
    public required IReadOnlyList<int> Expected { get; init; }

    /// <exception cref="UnrecoverableException">Not allowed, refused, or without an answer so that what it did is unknown.</exception>
    public async Task SendAsync(ClusterContext context, CancellationToken ct)
    {
        if (WhyNotAllowed(context.Cluster, Url) is { } why)
        {
            throw new UnrecoverableException(why);
        }

        var (headers, secrets) = Resolve(Headers);
        if (WhyNotSaid(context.Cluster, headers, secrets) is { } never)
        {
            throw new UnrecoverableException(never);
        }

        var call = new HttpCall(Method, Url, Timeout)
        {
            Headers = [.. headers, new("Idempotency-Key", KeyOf(context)), new("X-ScyllaBot-Step", context.Stamp.ToString())], Secrets = secrets, MaxBytes = MaxBytes,
            Body = Encoding.UTF8.GetBytes(Body), ContentType = Body.Length == 0 ? null : "application/json",
        };
        var answer = await ExchangeAsync(context, call, ct);
        var isExpected = Expected.Count == 0 ? answer.Status is >= 200 and < 300 : Expected.Contains(answer.Status);
        if (!isExpected)
        {
            var text = $"{Method} {Url.Host}: status {answer.Status}: {OutsideHttp.Words(answer)}";
            // 429 and 503 say that it was not done.
            throw answer.Status is 429 or 503 || (IsRepeatable && answer.Status >= 500) ? new RecoverableException(text) : new UnrecoverableException(text);
        }

        context.Log.Write($"{Method} {Url.Host}: status {answer.Status}");
    }

    /// <summary>Hosts stand in the inventory under <c>enables</c>, each as <c>http-request:HOST</c> or <c>http-request:HOST:PORT</c>.</summary>
    internal static string? WhyNotAllowed(Cluster cluster, Uri url)
    {
        if (url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            return "only http and https are asked, and no user or password in the address";
        }

        var allowed = url.IsDefaultPort ? $"http-request:{url.Host}" : $"http-request:{url.Host}:{url.Port}";
        return cluster.Enables.Contains(allowed) ? null : $"{cluster.Name} does not enable {allowed} in the inventory";
    }

    /// <summary>A secret of the bot's goes only where the inventory says so, as <c>http-secret:HOST:env:NAME</c>, and never in clear over the wire.</summary>
    private string? WhyNotSaid(Cluster cluster, ImmutableArray<KeyValuePair<string, string>> headers, ImmutableArray<SecretRef> secrets)
    {
        if (headers.Any(h => h.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            return "header Host is not sent: the host is what the inventory allows";
        }

        if (secrets.Length > 0 && Url.Scheme != "https" && !Url.IsLoopback)
        {
            return $"{Url.Host}: secrets are sent over https only";
        }

        var unlisted = secrets.FirstOrDefault(s => !cluster.Enables.Contains($"http-secret:{Url.Host}:{s.Text}"));
        return unlisted is null ? null : $"{cluster.Name} does not enable http-secret:{Url.Host}:{unlisted.Text} in the inventory";
    }

    /// <summary>The same for every attempt and after every restart: a server that honours it does the thing once.</summary>
    private static string KeyOf(ClusterContext context) =>
        $"{context.Stamp.Job}/{context.Stamp.Path}{(context is NodeContext node ? "/" + node.Node.Name : "")}";

    /// <summary>A value that ends in a secret's reference (<c>Bearer env:TOKEN</c>) gets its placeholder; the value is put in below the port.</summary>
    private static (ImmutableArray<KeyValuePair<string, string>> Headers, ImmutableArray<SecretRef> Secrets) Resolve(
        ImmutableArray<KeyValuePair<string, string>> headers)
    {
        var secrets = ImmutableArray.CreateBuilder<SecretRef>();
        return ([.. headers.Select(h =>
        {
            var last = h.Value.LastIndexOf(' ') + 1;
            if (SecretRef.TryParse(h.Value[last..]) is not { } secret)
            {
                return h;
            }

            secrets.Add(secret);
            return KeyValuePair.Create(h.Key, h.Value[..last] + secret.Placeholder);
        })], secrets.ToImmutable());
    }

    private async Task<HttpAnswer> ExchangeAsync(ClusterContext context, HttpCall call, CancellationToken ct)
    {
        try
        {
            return await context.Http.SendAsync(call, ct);
        }
        catch (ExchangeException broken) when (IsRepeatable || broken.Failure == ExchangeFailure.NotConnected)
        {
            throw new RecoverableException($"{Method} {Url.Host}: {broken.Message}", broken);
        }
        catch (ExchangeException broken)
        {
            throw new UnrecoverableException($"{Method} {Url.Host}: no answer ({broken.Message}); what it did is unknown", broken);
        }
    }
}

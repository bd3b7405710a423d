using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Nodes;

/// <summary>HTTPS to the Scylla Manager agent, which hands every path on to the node's REST API and <c>/metrics</c> to its metrics (facts 1.1).</summary>
internal sealed class AgentHttp(TimeProvider? time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> _clients = new(StringComparer.Ordinal);

    public async Task<HttpAnswer> SendAsync(HttpCall call, Node node, AgentOptions agent, CancellationToken ct)
    {
        var host = node.Address.Contains(':', StringComparison.Ordinal) ? $"[{node.Address}]" : node.Address;
        var sent = call with { Uri = new Uri(FormattableString.Invariant($"https://{host}:{agent.Port}{call.Uri.PathAndQuery}")) };
        if (agent.Token is { } token)
        {
            sent = sent with { Headers = sent.Headers.Add(KeyValuePair.Create("Authorization", "Bearer " + Secrets.Fill(token.Placeholder, [token]))) };
        }

        var client = _clients.GetOrAdd(agent.Authority ?? "", a => new Lazy<HttpClient>(() => NewClient(a), LazyThreadSafetyMode.PublicationOnly)).Value;
        var answer = await new HttpExchange(client, time: time).SendAsync(sent, ct);
        return answer.Status == 401 ? answer with { Body = Refused(node, agent) } : answer;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    // In the shape of Scylla's own errors, so that whoever reads those reads this.
    private static byte[] Refused(Node node, AgentOptions agent) => JsonSerializer.SerializeToUtf8Bytes(
        new { message = $"the Manager agent on {node.Name} refuses {(agent.Token is null ? "calls without a token" : $"the token of {agent.Token}")}", code = 401 });

    private static HttpClient NewClient(string authority)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(5), UseCookies = false, UseProxy = false, AllowAutoRedirect = false,
        };
        if (authority.Length > 0)
        {
            var trusted = Read(authority);
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate as X509Certificate2, chain, errors, trusted),
            };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static X509Certificate2Collection Read(string authority)
    {
        try
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(authority);
            return trusted.Count > 0 ? trusted : throw new ExchangeException(ExchangeFailure.NotConnected, $"{authority} has no certificate in it");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, $"{authority} can not be read: {unreadable.GetType().Name}", unreadable);
        }
    }

    private static bool IsTrusted(X509Certificate2? certificate, X509Chain? given, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        if (certificate is null)
        {
            return false;
        }

        // An agent's self-made certificate seldom bears the node's address: one that stands in the file itself is known, whatever its name.
        if (trusted.Any(t => t.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
        {
            return true;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in given?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && chain.Build(certificate);
    }
}

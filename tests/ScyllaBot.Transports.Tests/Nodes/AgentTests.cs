using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Nodes;

public sealed class AgentTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agent-").FullName;
    private readonly SshConnections _connections = new();
    private readonly HttpClient _http = HttpExchange.NewClient();
    private ClusterExchange _exchange = null!;

    public Task InitializeAsync()
    {
        _exchange = new ClusterExchange(new HttpExchange(_http), _connections);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _exchange.Dispose();
        _http.Dispose();
        await _connections.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_call_goes_by_https_with_the_token_to_the_same_path()
    {
        var (authority, certificate) = Certificates("ca.pem", IPAddress.Loopback);
        await using var agent = await NodeServer.StartAsync(certificate);

        var answer = await _exchange.SendAsync(Call(agent, authority, "secret-token", "http://10.0.0.1:10000/gossiper/endpoint/live/?a=b"), default);
        var metrics = await _exchange.SendAsync(Call(agent, authority, "secret-token", "http://10.0.0.1:9180/metrics"), default);

        Assert.StartsWith("GET /gossiper/endpoint/live/?a=b|Bearer secret-token|", Text(answer));
        Assert.StartsWith("GET /metrics|Bearer secret-token|", Text(metrics));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_said_by_its_reference_and_never_by_its_value()
    {
        var (authority, certificate) = Certificates("ca.pem", IPAddress.Loopback);
        await using var agent = await NodeServer.StartAsync(certificate);

        var answer = await _exchange.SendAsync(Call(agent, authority, "wrong", "http://10.0.0.1:10000/x"), default);

        Assert.Equal(401, answer.Status);
        Assert.Contains($"the Manager agent on n1 refuses the token of file:{_folder}/token", Text(answer));
        Assert.DoesNotContain("Bearer", Text(answer));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_no_connection_and_sends_nothing()
    {
        var (_, certificate) = Certificates("ca.pem", IPAddress.Loopback);
        var (other, _) = Certificates("other.pem", IPAddress.Loopback);
        await using var agent = await NodeServer.StartAsync(certificate);

        var broken = await Assert.ThrowsAsync<ExchangeException>(() => _exchange.SendAsync(Call(agent, other, "t", "http://10.0.0.1:10000/x"), default));

        Assert.Equal((ExchangeFailure.NotConnected, 0), (broken.Failure, agent.Asked));
    }

    [Fact]
    public async Task A_certificate_for_another_address_is_refused_unless_it_stands_in_the_file_itself()
    {
        var (authority, certificate) = Certificates("ca.pem", IPAddress.Parse("10.9.9.9"));
        await using var agent = await NodeServer.StartAsync(certificate);
        var pinned = Path.Combine(_folder, "pinned.pem");
        await File.WriteAllTextAsync(pinned, certificate.ExportCertificatePem());

        await Assert.ThrowsAsync<ExchangeException>(() => _exchange.SendAsync(Call(agent, authority, "t", "http://10.0.0.1:10000/x"), default));
        Assert.Equal(200, (await _exchange.SendAsync(Call(agent, pinned, "t", "http://10.0.0.1:10000/x"), default)).Status);
    }

    private static string Text(HttpAnswer answer) => Encoding.UTF8.GetString(answer.Body.Span);

    private HttpCall Call(NodeServer agent, string authority, string token, string uri)
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, token + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var node = new Node("n1", "127.0.0.1", Guid.Empty, new Zone("dc", "a"))
        {
            Api = new Uri("http://10.0.0.1:10000/"), Metrics = new Uri("http://10.0.0.1:9180/metrics"),
            Access = new NodeAccess
            {
                Transport = NodeTransport.Agent, SshHost = "n1", Agent = new AgentOptions(agent.Address.Port, SecretRef.TryParse($"file:{file}"), authority),
            },
        };
        return new HttpCall("GET", new Uri(uri), TimeSpan.FromSeconds(60)) { Node = node };
    }

    private (string Authority, X509Certificate2 Certificate) Certificates(string file, IPAddress address)
    {
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest($"CN={file}", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var root = authority.CreateSelfSigned(from, until);
        File.WriteAllText(Path.Combine(_folder, file), root.ExportCertificatePem());
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=agent", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, from, until, [1, 2, 3]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return (Path.Combine(_folder, file), X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null));
    }
}

using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters.Import;

/// <summary>What an import is asked for.</summary>
/// <param name="Name">The cluster's name in the inventory; null = as the nodes themselves call it.</param>
/// <param name="Hosts">Machines to begin with; one that answers is enough.</param>
public sealed record ImportRequest(string? Name, ImmutableArray<ImportHost> Hosts)
{
    public NodeTransport Transport { get; init; } = NodeTransport.Ssh;

    public SshOptions Ssh { get; init; } = new();

    public AgentOptions Agent { get; init; } = new();
}

/// <summary>What came of it.</summary>
/// <param name="Cluster">Null when no machine answered.</param>
/// <param name="Notes">What the reader should look at before using it.</param>
public sealed record Imported(Cluster? Cluster, ImmutableArray<string> Notes);

/// <summary>A cluster's inventory as its own nodes tell it: members, host ids, datacenters and racks (facts 1.6). It only reads.</summary>
public static class LiveImport
{
    private static readonly StepStamp Reader = new("import", "-", 0, 0);

    public static async Task<Imported> ReadAsync(ImportRequest request, IHttpExchange http, CancellationToken ct)
    {
        var asked = request.Hosts.Select(h => (Host: h, Api: new ScyllaApi(NodeOf(request, h), http, Reader))).ToArray();
        var identities = await Task.WhenAll(asked.Select(async a => (a.Host, a.Api, Id: await IdOfAsync(a.Api, ct))));
        var witness = identities.FirstOrDefault(i => i.Id.Id is not null).Api;
        if (witness is null || await witness.HostIdsAsync(ct) is not { IsEmpty: false } ring)
        {
            return new Imported(null, [.. identities.Select(i => i.Id.Why ?? $"{i.Host.Name}: it does not tell the ring now").DefaultIfEmpty("no host was given")]);
        }

        var names = identities.Where(i => i.Id.Id is not null).DistinctBy(i => i.Id.Id).ToImmutableDictionary(i => i.Id.Id!.Value, i => i.Host);
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var (address, id) in ring.OrderBy(r => r.Key, Jobs.NaturalOrder.Instance))
        {
            var zone = new Zone(await witness.DatacenterAsync(address, ct), await witness.RackAsync(address, ct));
            var host = names.GetValueOrDefault(id) ?? request.Hosts.FirstOrDefault(h => h.Reached == address) ?? new ImportHost(NameOf(address), address, null, null);
            nodes.Add(NodeOf(request, host) with { Address = address, HostId = id, Zone = zone });
        }

        var cluster = new Cluster(request.Name ?? PlainName(await witness.ClusterNameAsync(ct)), ClusterEnvironment.Production, ClusterMode.Observe, nodes.ToImmutable());
        return new Imported(cluster, [.. Notes(request, identities.Select(i => (i.Host, i.Id.Id, i.Id.Why)), ring)]);
    }

    private static IEnumerable<string> Notes(
        ImportRequest request, IEnumerable<(ImportHost Host, Guid? Id, string? Why)> asked, ImmutableSortedDictionary<string, Guid> ring)
    {
        foreach (var (host, id, why) in asked)
        {
            if (id is null && !ring.ContainsKey(host.Reached))
            {
                yield return $"{host.Name} was listed, did not answer and is not in the ring by that address: {why}";
            }
            else if (id is { } own && !ring.ContainsValue(own))
            {
                yield return $"{host.Name} answered as {own}, which is not in this ring: it belongs to another cluster";
            }
        }

        if (request.Hosts.Length > 1 && ring.Count > request.Hosts.Length)
        {
            yield return $"the ring has {ring.Count} members, {request.Hosts.Length} were listed: the others are called by their addresses";
        }
    }

    private static async Task<(Guid? Id, string? Why)> IdOfAsync(ScyllaApi api, CancellationToken ct)
    {
        try
        {
            return (await api.LocalHostIdAsync(ct), null);
        }
        catch (RecoverableException unreachable)
        {
            return (null, unreachable.Message);
        }
        catch (UnrecoverableException strange)
        {
            return (null, strange.Message);
        }
    }

    private static Node NodeOf(ImportRequest request, ImportHost host)
    {
        var entry = new NodeEntry { Name = NameOf(host.Name), Address = host.Reached, Dc = "?", Rack = "?", SshHost = host.Reached };
        var cluster = new ClusterEntry
        {
            Name = "import", Environment = ClusterEnvironment.Production, Transport = request.Transport, Nodes = [entry],
            Ssh = new SshEntry { Config = request.Ssh.Config, User = request.Ssh.User ?? host.User, Helper = request.Ssh.Helper, MaxSessions = request.Ssh.MaxSessions },
            Agent = new AgentEntry { Port = request.Agent.Port, Token = request.Agent.Token, Authority = request.Agent.Authority },
        };
        return entry.ToNode(cluster);
    }

    /// <summary>Fit for a name: an address of version 6 has colons.</summary>
    private static string NameOf(string text) => PlainName(text.Trim('[', ']'));

    private static string PlainName(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '-', '_');
        return plain.Length switch { 0 => "cluster", > 100 => plain[..100], _ => plain };
    }
}

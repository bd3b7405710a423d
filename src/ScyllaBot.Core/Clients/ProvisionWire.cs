using System.Text.Json;
using System.Text.Json.Serialization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>How a machine is. Closed: a state of another name is an answer that can not be read.</summary>
public enum HostState
{
    Ready,
    Creating,
    Failed,
    Absent,
}

/// <summary>One machine as the provisioner tells it.</summary>
/// <param name="Facts">Whatever tells it apart, such as its image; for the record only.</param>
/// <param name="Why">Why it is not ready.</param>
public sealed record ProvisionedHost(
    string Name, string Address, string Dc, string Rack, HostState State, ImmutableSortedDictionary<string, string>? Facts, string? Why);

/// <param name="Create">Machines that would be made.</param>
/// <param name="Change">Machines that would be changed in place.</param>
/// <param name="Destroy">Machines that would be destroyed, also to be made anew.</param>
public sealed record ProvisionPlan(int Create, int Change, int Destroy);

internal sealed record WantedHost(string Name, string Address, string Dc, string Rack);

internal sealed record ProvisionRequest(
    int Version, string Request, string Cluster, string Environment, ImmutableSortedDictionary<string, string> Settings, ImmutableArray<WantedHost> Hosts);

/// <param name="Plan">Only of the verb plan.</param>
internal sealed record ProvisionAnswer(int Version, string Cluster, ImmutableArray<ProvisionedHost> Hosts, ProvisionPlan? Plan);

/// <summary>The provisioner's JSON, and what makes an answer unbelievable.</summary>
internal static class ProvisionWire
{
    public const int Version = 1;

    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The last line that is an object; what stands before it was for the log.</summary>
    public static ProvisionAnswer Read(string who, Cluster cluster, string output)
    {
        var last = output.Split('\n', StringSplitOptions.TrimEntries).LastOrDefault(l => l.StartsWith('{'))
            ?? throw new UnrecoverableException($"{who} printed no JSON: {CommandOutput.Tail(output)}");
        var answer = Answers.Take(who, () =>
        {
            var read = JsonSerializer.Deserialize<ProvisionAnswer>(last, Json) ?? throw new FormatException("null");
            return read.Version != Version ? throw new FormatException($"version {read.Version}, not {Version}")
                : read.Hosts.IsDefault ? throw new FormatException("no list of hosts") : read;
        });
        return answer.Cluster == cluster.Name ? answer
            : throw new UnrecoverableException($"{who} answered for {Short(answer.Cluster)}, not for {cluster.Name}");
    }

    /// <summary>Whether these are the machines that the inventory names, each of them ready. The inventory decides what is touched; the provisioner does not.</summary>
    public static string? WhyNotReady(Cluster cluster, ImmutableArray<ProvisionedHost> hosts)
    {
        foreach (var node in cluster.Nodes)
        {
            var same = hosts.Where(h => h.Name == node.Name).ToArray();
            if (same.Length != 1)
            {
                return $"{node.Name} is {(same.Length == 0 ? "not there" : "told twice")}";
            }

            if (same[0].State != HostState.Ready)
            {
                return $"{node.Name} is {same[0].State.ToString().ToLowerInvariant()}{(same[0].Why is { } why ? $": {Short(why)}" : "")}";
            }
        }

        return null;
    }

    /// <exception cref="UnrecoverableException">They are other machines than the inventory names: nothing may be done with them.</exception>
    public static void RefuseOthers(Cluster cluster, ImmutableArray<ProvisionedHost> hosts)
    {
        foreach (var host in hosts.Where(h => h.State != HostState.Absent))
        {
            var why = cluster.Find(host.Name) is not { } node ? "the inventory has no such node"
                : host.Address != node.Address ? $"its address is {Short(host.Address)}, the inventory says {node.Address}"
                : host.Dc != node.Zone.Datacenter || host.Rack != node.Zone.Rack ? $"it is in {Short(host.Dc)}/{Short(host.Rack)}, the inventory says {node.Zone}"
                : null;
            if (why is not null)
            {
                throw new UnrecoverableException($"the provisioner tells of {Short(host.Name)} of {cluster.Name}, but {why}");
            }
        }
    }

    public static string Short(string text) => Shortened.To(text, 200);
}

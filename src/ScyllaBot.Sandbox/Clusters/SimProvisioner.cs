using System.Collections.Immutable;
using System.Text.Json;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// The sandbox's provisioner, as docs/shadow-cluster.md describes one: it makes the machines of a shadow cluster, one after another, and
/// destroys all of them. It runs on the cluster's runner, which is no machine of the cluster.
/// </summary>
internal static class SimProvisioner
{
    public const string Path = "/usr/local/bin/provision-sandbox";

    private const int TryAgain = 75;
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static NodeIdentity HostOf(string cluster) =>
        new(cluster, $"infra-{cluster}", $"10.0.9.{(cluster.Length % 200) + 1}", Guid.Empty, "-", "-", []);

    /// <summary>Machines that are no members are not made yet.</summary>
    public static void Begin(SimCluster cluster)
    {
        foreach (var node in cluster.Machines.Where(node => !node.IsMember))
        {
            node.Ring = RingState.Left;
            node.Machine.Vanish();
        }
    }

    public static Task<CommandResult> RunAsync(ShellCall call)
    {
        var cluster = call.Node.Cluster;
        if (call.Node != cluster.Runner || call.Words is not [var verb, _] || Read(call.Stdin) is not { Version: 1, Hosts: { } hosts } request)
        {
            return ShellCall.Done(64, "usage: provision-sandbox plan|provision|destroy|describe REQUEST, the request as JSON on stdin");
        }

        var unknown = hosts.FirstOrDefault(host => Find(cluster, host.Name) is null);
        return request.Cluster != cluster.Name || unknown is not null
            ? ShellCall.Done(65, $"there is no {(unknown is null ? $"cluster {request.Cluster}" : $"machine {unknown.Name}")} to be had here")
            : verb switch
            {
                "plan" => ShellCall.Done(0, Answer(cluster, request, plan: true)),
                "describe" => ShellCall.Done(0, Answer(cluster, request, plan: false)),
                "provision" => ProvisionAsync(call, cluster, request),
                "destroy" => DestroyAsync(call, cluster, request),
                _ => ShellCall.Done(64, $"no verb {verb}"),
            };
    }

    private static Task<CommandResult> ProvisionAsync(ShellCall call, SimCluster cluster, Request request)
    {
        var missing = request.Hosts!.Select(host => Find(cluster, host.Name)!).Where(node => !node.Machine.Exists).ToArray();
        var done = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Next(0);
        return done.Task;

        void Next(int i)
        {
            if (i == missing.Length)
            {
                done.TrySetResult(new CommandResult(0, $"{missing.Length} machines were made\n{Answer(cluster, request, plan: false)}"));
                return;
            }

            cluster.Agenda.After(cluster.Dice.Between($"{missing[i].Id.Name}/made", 20, 40), () =>
            {
                if (cluster.Faults.Bite(missing[i].Id, FaultKind.ProvisionFails) is not null)
                {
                    done.TrySetResult(new CommandResult(TryAgain, $"quota exceeded: {i} of {missing.Length} machines were made\n{Answer(cluster, request, plan: false)}"));
                    return;
                }

                if (!missing[i].Machine.Exists)
                {
                    cluster.Record(missing[i], "provision", call.Cause);
                    missing[i].Machine.Appear();
                    cluster.NodeChanged(missing[i]);
                }

                Next(i + 1);
            });
        }
    }

    private static Task<CommandResult> DestroyAsync(ShellCall call, SimCluster cluster, Request request)
    {
        var done = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Agenda.After(TimeSpan.FromSeconds(30), () =>
        {
            var doomed = request.Hosts!.Select(host => Find(cluster, host.Name)!).Where(node => node.Machine.Exists).ToArray();

            // All at once: nobody is to see half of a cluster go.
            Array.ForEach(doomed, node => node.Ring = RingState.Left);
            foreach (var node in doomed)
            {
                cluster.Record(node, "destroy", call.Cause);
                node.Vanish();
            }

            done.TrySetResult(new CommandResult(0, Answer(cluster, request, plan: false)));
        });
        return done.Task;
    }

    private static string Answer(SimCluster cluster, Request request, bool plan)
    {
        var nodes = request.Hosts!.Select(host => Find(cluster, host.Name)!).ToImmutableArray();
        return JsonSerializer.Serialize(
            new
            {
                version = 1, cluster = cluster.Name,
                plan = plan ? new { create = nodes.Count(node => !node.Machine.Exists), change = 0, destroy = 0 } : null,
                hosts = nodes.Select(node => new
                {
                    name = node.Id.Name, address = node.Id.Address, dc = node.Id.Dc, rack = node.Id.Rack, state = node.Machine.Exists ? "ready" : "absent",
                    facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["image"] = "scylla-simulated", ["machine_type"] = request.Settings?.GetValueOrDefault("machine_type") ?? "sim-4",
                    },
                }),
            },
            _json);
    }

    private static SimNode? Find(SimCluster cluster, string? name) =>
        cluster.Machines.FirstOrDefault(node => string.Equals(node.Id.Name, name, StringComparison.Ordinal));

    private static Request? Read(string? stdin)
    {
        try
        {
            return JsonSerializer.Deserialize<Request>(stdin ?? "", _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Request(int Version, string? Cluster, Dictionary<string, string>? Settings, Host[]? Hosts);

    private sealed record Host(string? Name);
}

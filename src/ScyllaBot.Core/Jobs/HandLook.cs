using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>How a node stood, whoever worked on it: generation of its process, version, and a fingerprint of its scylla.yaml (R19).</summary>
internal static class HandLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Every target; what a node does not tell is null, and then it counts as changed unless it did not tell before either.</summary>
    public static async Task<ImmutableArray<NodeSeen>> AllAsync(JobRun run)
    {
        var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.Zero, run.HostStopping);
        var nodes = run.Job.Birth.Targets.Select(t => run.Bound.Cluster.Find(t.Name)).OfType<Node>();
        return [.. await Task.WhenAll(nodes.Select(n => OneAsync(run, n, snapshot)))];
    }

    private static async Task<NodeSeen> OneAsync(JobRun run, Node node, ClusterSnapshot snapshot) => new(
        node.Name, snapshot.Of(node).Generation?.ToString(CultureInfo.InvariantCulture),
        await OrNullAsync(() => new ScyllaApi(node, run.Ports.Http, new StepStamp("watch", "-", 0, 0)).VersionAsync(run.HostStopping)),
        await OrNullAsync(() => ConfigAsync(run, node)));

    private static async Task<string> ConfigAsync(JobRun run, Node node)
    {
        var read = await NodeCommands.ReadAsync(run.Ports.Commands, node, new Ports.RemoteCommand(["cat", ScyllaYaml.Path], Patience) { AsRoot = true }, run.HostStopping);
        return read.Exit == 0 ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(read.Output)))[..16]
            : throw new RecoverableException($"{node.Name}: {ScyllaYaml.Path} can not be read");
    }

    private static async Task<string?> OrNullAsync(Func<Task<string>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception unread) when (unread is RecoverableException or UnrecoverableException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Text;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>
/// What a node keeps on its machine: generation and commit log over restarts, and `effects.log`, the machine's own count of what was done
/// to it: one line for each real change, `TIME KIND generation=N step=S`.
/// </summary>
internal sealed class NodeFiles(string folder) : IWorldObserver
{
    private readonly string _state = Path.Combine(folder, "sandbox-node");
    private readonly string _effects = Path.Combine(folder, "effects.log");
    private SimNode? _node;
    private (long Generation, bool Clean) _written;

    /// <summary>Of the last run; none yet: generation 0 and nothing to replay.</summary>
    public (long Generation, bool IsCommitLogClean) Read()
    {
        var words = File.Exists(_state) ? File.ReadAllText(_state).Split(' ', StringSplitOptions.TrimEntries) : [];
        return words is [var generation, var clean] && long.TryParse(generation, CultureInfo.InvariantCulture, out var number)
            ? (number, clean is "clean")
            : (0, true);
    }

    /// <summary>Keeps the files true from now on. Call inside the agenda.</summary>
    public void Follow(SimNode node, SandboxWorld world)
    {
        _node = node;
        world.Watch(this);
    }

    public void NodeChanged(SimNode node)
    {
        if (node == _node && (node.Generation, node.IsCommitLogClean) != _written)
        {
            _written = (node.Generation, node.IsCommitLogClean);

            // Renamed into place: a power cut leaves the old or the new, never half a file.
            var partial = _state + ".part";
            File.WriteAllText(partial, $"{node.Generation} {(node.IsCommitLogClean ? "clean" : "dirty")}\n");
            File.Move(partial, _state, overwrite: true);
        }
    }

    public void EffectRecorded(Effect effect)
    {
        if (string.Equals(effect.Node, _node?.Id.Name, StringComparison.Ordinal))
        {
            Append(_effects, $"{effect.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {effect.Kind} generation={_node!.Generation} step={effect.Step ?? "-"}\n");
        }
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // Not an effect.
    }

    private static void Append(string path, string line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1, FileOptions.WriteThrough);
        file.Write(Encoding.UTF8.GetBytes(line));
    }
}

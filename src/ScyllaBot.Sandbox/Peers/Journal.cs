using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>What a node prints, which systemd puts into the journal; texts of facts/scylla.md 5.5.</summary>
internal sealed class Journal(TextWriter output)
{
    /// <param name="logger">Scylla's name of the part that speaks: init, gossip, api.</param>
    /// <param name="line">May begin with `error: ` or `warning: `.</param>
    public void Say(string logger, string line)
    {
        var (level, text) = line.Split(": ", 2) switch
        {
            ["error", var rest] => ("ERROR", rest),
            ["warning", var rest] => ("WARN ", rest),
            _ => ("INFO ", line),
        };
        output.WriteLine($"{level} [shard 0:main] {logger} - {text}");
        output.Flush();
    }

    /// <summary>What there is to say of a node's start.</summary>
    public void Reached(SimNode node, string version, string api)
    {
        var text = (node.Process, node.Phase, node.Mode) switch
        {
            (ProcessState.Starting, StartPhase.RestListening, _) => $"Scylla API server listening on {api} ...",
            (ProcessState.Starting, StartPhase.Services, _) when !node.IsCommitLogClean => "replaying commit log",
            (ProcessState.Running, StartPhase.Serving, OperationMode.Normal) => $"Scylla version {version} initialization completed.",
            _ => null,
        };
        if (text is not null)
        {
            Say("init", text);
        }
    }
}

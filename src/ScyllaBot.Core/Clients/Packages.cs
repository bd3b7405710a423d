using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A node's packages, by whichever program it has: apt, else dnf, else yum.</summary>
internal sealed class Packages
{
    private static readonly TimeSpan ReadPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    // Of what another attempt may find different: somebody else's lock, a repository out of reach.
    private static readonly ImmutableArray<string> Passing =
    [
        "Could not get lock", "Unable to acquire the dpkg", "Failed to fetch", "Temporary failure", "Could not resolve", "Cannot download", "Failed to download",
        "existing lock", "Waiting for process",
    ];

    private readonly NodeContext _node;
    private readonly PackageTool _tool;

    private Packages(NodeContext node, PackageTool tool) => (_node, _tool) = (node, tool);

    /// <exception cref="UnrecoverableException">The node has none of them.</exception>
    public static async Task<Packages> OfAsync(NodeContext node, CancellationToken ct)
    {
        (string Path, PackageTool Tool)[] known =
            [("/usr/bin/apt-get", new PackageTool.Apt()), ("/usr/bin/dnf", new PackageTool.Rpm("dnf")), ("/usr/bin/yum", new PackageTool.Rpm("yum"))];
        foreach (var (path, tool) in known)
        {
            if ((await NodeCommands.ReadAsync(node.Commands, node.Node, ["test", "-x", path], ReadPatience, ct)).Exit == 0)
            {
                return new Packages(node, tool);
            }
        }

        throw new UnrecoverableException($"{node.Node.Name} has neither apt-get nor dnf nor yum");
    }

    /// <summary>Name → version of those that are installed.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> InstalledAsync(IEnumerable<string> names, CancellationToken ct) =>
        _tool.ReadInstalled((await ReadAsync(_tool.AskInstalled(names), ct)).Output);

    /// <summary>Those of the names that are held.</summary>
    public async Task<ImmutableArray<string>> HeldAsync(IEnumerable<string> names, CancellationToken ct)
    {
        var asked = await ReadAsync(_tool.AskHeld, ct);
        if (asked.Exit != 0)
        {
            throw new UnrecoverableException($"{_node.Node.Name}: {string.Join(' ', _tool.AskHeld)}: exit {asked.Exit}: {CommandOutput.Tail(asked.Output)}");
        }

        var held = _tool.ReadHeld(asked.Output).ToImmutableSortedSet(StringComparer.Ordinal);
        return [.. names.Where(held.Contains)];
    }

    public bool Is(string installed, string wanted) => _tool.Is(installed, wanted);

    public async Task RefreshAsync(CancellationToken ct) => Classify("reading the repositories", await _node.RunAsync(_tool.Refresh, Patience, ct));

    public async Task InstallAsync(IEnumerable<(string Name, string Version)> wanted, bool downgrade, CancellationToken ct) =>
        Classify("installing", await _node.RunAsync(_tool.Install(wanted, downgrade), Patience, ct));

    public async Task HoldAsync(IEnumerable<string> names, bool on, CancellationToken ct) =>
        Classify(on ? "holding" : "letting go", await _node.RunAsync(_tool.Hold(names, on), ReadPatience, ct));

    private void Classify(string what, CommandResult result)
    {
        if (result.Exit == 0)
        {
            return;
        }

        var text = $"{_node.Node.Name}: {what}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}";
        throw Passing.Any(p => result.Output.Contains(p, StringComparison.OrdinalIgnoreCase)) ? new RecoverableException(text) : new UnrecoverableException(text);
    }

    private Task<CommandResult> ReadAsync(ImmutableArray<string> argv, CancellationToken ct) =>
        NodeCommands.ReadAsync(_node.Commands, _node.Node, argv, ReadPatience, ct);
}

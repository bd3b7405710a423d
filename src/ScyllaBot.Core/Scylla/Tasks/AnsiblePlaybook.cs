using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Runs a playbook for the node, on the cluster's Ansible runner. What is in it is not known here, so it counts as taking the node down (R1).</summary>
[Undo("only who wrote the playbook knows")]
[Tag("ansible-playbook", "Run an Ansible playbook", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("playbook: scylla.yml\ntags: [sysctl]")]
public sealed record AnsiblePlaybook : INodeTask, IMayRestartScylla
{
    [Description("Playbook, relative to the runner's folder"), RegularExpression(@"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}\.ya?ml")]
    public required string Playbook { get; init; }

    /// <value>Default none: all of it.</value>
    [Description("Only tasks with one of these tags"), RegularExpression("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <value>Default none.</value>
    [Description("Variables, each name=value"), RegularExpression("[A-Za-z_][A-Za-z0-9_]{0,99}=[A-Za-z0-9_.,:/@+-]{0,500}")]
    public IReadOnlyList<string> ExtraVars { get; init; } = [];

    /// <value>Default true (R1).</value>
    [Description("False: Scylla goes on as it is, and a restart of it halts the job")]
    public bool RestartsScylla { get; init; } = true;

    public IReadOnlyList<INodeCondition> Preconditions => RestartsScylla ? [new QuorumSafe(), new ClusterNormal()] : [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => ScyllaRun.KeptAsync(context, this, () => Run.RunAsync(context, ct), ct);

    /// <summary>For plans: what it would change now (<c>--check --diff</c>).</summary>
    public Task<string> DiffAsync(NodeContext context, CancellationToken ct) => Run.DiffAsync(context, ct);

    private Ansible Run => new(Playbook, Tags, ExtraVars);
}

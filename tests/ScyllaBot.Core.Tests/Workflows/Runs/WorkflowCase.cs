using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>A file of workflows/ with all that one run of it needs: values, a cluster, people.</summary>
/// <param name="Workflow">Its file's name without the ending.</param>
internal sealed record WorkflowCase(string Workflow)
{
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <value>Default: zone b with two nodes, c and d with one each. Its workflows are those of the folder.</value>
    public BedOptions Options { get; init; } = new();

    public Target Target { get; init; } = new Target.All();

    /// <summary>Brings the world into the state that the workflow is for.</summary>
    public Action<EngineBed> Prepare { get; init; } = _ => { };

    /// <summary>What people answer to a question of the job; null: nobody expects to be asked that, and the test fails.</summary>
    public Func<string, string?> Answer { get; init; } = _ => null;

    /// <summary>Most nodes that this job may have down at once.</summary>
    public int Limit { get; init; } = 1;

    /// <summary>The node that troubles hit.</summary>
    public string Victim { get; init; } = "b1";

    /// <summary>Another one of the same zone: that both are down costs each range one replica only.</summary>
    public string Neighbour { get; init; } = "b2";

    /// <summary>The effect on the victim at which a trouble comes that does not come by itself.</summary>
    public string At { get; init; } = "stop";

    /// <summary>Kinds of effect that one attempt may have several times on a node, such as a repair of each keyspace.</summary>
    public string[] Manifold { get; init; } = [];

    /// <summary>How often a start must fail until the step gives up.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>How long one run may take, people's thinking included.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromHours(12);

    public WorkflowCase With(string variable, string value) => this with { Variables = Variables.SetItem(variable, value) };

    public RunRequest Request() => new("request-1", Workflow, BedClusters.Name, Target, Variables, "because");
}

using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>One misfortune, once with the check and once without: the harm comes only without it, and with it somebody reads why.</summary>
/// <param name="Harm">It came about.</param>
/// <param name="Said">All that the engine said: why conditions do not hold, logs, halts, holds.</param>
internal sealed record Trial(bool Harm, string Said)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(8);

    /// <summary>A node restarted with nothing but its own word for it that it serves.</summary>
    public const string Cycle = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !cql-serving
                poll_interval_seconds: 1
        """;

    /// <param name="says">What somebody reads when the check works.</param>
    /// <param name="run">Told whether the check is switched off.</param>
    public static void Shows(string says, Func<bool, Trial> run)
    {
        var seeing = run(false);
        Assert.False(seeing.Harm, $"the check did not keep the harm away:\n{seeing.Said}");
        Assert.True(seeing.Said.Contains(says, StringComparison.Ordinal), $"nobody said '{says}':\n{seeing.Said}");
        var blind = run(true);
        Assert.True(blind.Harm, $"without the check nothing happened:\n{blind.Said}");
    }

    public static Trial Of(EngineBed bed, bool harm) => new(harm, string.Join('\n',
        [.. bed.Reasons, .. bed.Log.Select(l => l.Text), .. bed.Events.Where(e => e is Halted or JobHeld or StepFailed or DebtOpened or Ended).Select(e => $"{e}"), bed.Describe()]));

    /// <summary>A workflow of the folder, to its end, its halt or as far as it comes.</summary>
    /// <param name="case">What runs.</param>
    /// <param name="harm">Looked at afterwards.</param>
    /// <param name="meanwhile">What happens after the start.</param>
    public static Trial Of(WorkflowCase @case, Func<WorkflowRun, bool> harm, Action<WorkflowRun>? meanwhile = null)
    {
        using var run = new WorkflowRun(@case).Prepare();
        run.Start();
        meanwhile?.Invoke(run);
        Drive(run);
        return Of(run.Bed, harm(run));
    }

    /// <summary>To its end or its halt, or as far as it comes.</summary>
    public static void Drive(WorkflowRun run) => run.Bed.TryUntil(() => run.Job.State is JobState.Ended or JobState.Halted, Long);

    /// <summary>The bed's own workflow over these nodes, in the same way.</summary>
    public static JobId Drive(EngineBed bed, params string[] nodes)
    {
        var id = bed.Run(BedPeople.Own(nodes) with { Cluster = bed.Cluster.Name });
        bed.TryUntil(() => IsOver(bed, id), Long);
        return id;
    }

    /// <summary>The same for steps that nobody has to approve.</summary>
    public static JobId DriveCluster(EngineBed bed, Action? meanwhile = null)
    {
        var id = bed.Start(BedPeople.Own() with { Cluster = bed.Cluster.Name });
        meanwhile?.Invoke();
        bed.TryUntil(() => IsOver(bed, id), Long);
        return id;
    }

    public static bool IsOver(EngineBed bed, JobId id) => bed.Job(id).State is JobState.Ended or JobState.Halted;

    public static bool EndedWell(EngineBed bed, JobId id) => bed.Job(id).End?.Outcome == JobOutcome.Succeeded;

    /// <summary>It serves again after this job restarted it.</summary>
    public static bool IsBack(EngineBed bed, string node) => bed.Sim(node) is { Serves: true, Run: > 1 };

    public static void Kill(EngineBed bed, string node) => bed.World.Agenda.Run(() => bed.Sim(node).Kill(Cause.Nobody));

    public static void PowerOn(EngineBed bed, string node) => bed.World.Agenda.Run(() => { _ = bed.Sim(node).Unit.StartAsync(Cause.Nobody, "power-on"); });
}

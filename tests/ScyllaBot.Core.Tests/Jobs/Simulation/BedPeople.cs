using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>Who presses what, and the short ways to do it.</summary>
internal static class BedPeople
{
    public static readonly Actor Mara = Of("mara", Rights.Read | Rights.Operate | Rights.Approve);
    public static readonly Actor Jon = Of("jon", Rights.Read | Rights.Operate | Rights.Approve);
    public static readonly Actor Ada = Of("ada", Rights.Read | Rights.Operate | Rights.Approve);
    public static readonly Actor Reader = Of("rita", Rights.Read);
    public static readonly Actor Operator = Of("otto", Rights.Read | Rights.Operate);
    public static readonly Actor Nobody = Of("nemo", Rights.None);

    public static RunRequest Request(string id = "request-1", string workflow = "restart", Target? target = null, int limit = 1) => new(
        id, workflow, BedClusters.Name, target ?? new Target.All(),
        workflow == "restart" ? ImmutableSortedDictionary<string, string>.Empty.Add("limit", $"{limit}") : ImmutableSortedDictionary<string, string>.Empty,
        "because");

    /// <summary>For the workflow that a test wrote.</summary>
    public static RunRequest Own(params string[] nodes) =>
        Request(workflow: "own", target: nodes.Length == 0 ? null : new Target.Named([.. nodes]));

    public static Plan Plan(this EngineBed bed, RunRequest? request = null, Actor? by = null) =>
        bed.Do(() => bed.Control.PlanAsync(by ?? Mara, request ?? Request(), CancellationToken.None)) switch
        {
            PlanOutcome.Ready ready => ready.Plan,
            PlanOutcome.Refused refused => throw new InvalidOperationException($"refused: {string.Join('\n', refused.Why)}"),
            var other => throw new InvalidOperationException($"unknown plan outcome {other}"),
        };

    /// <summary>Mara plans and starts it.</summary>
    public static JobId Start(this EngineBed bed, RunRequest? request = null)
    {
        var plan = bed.Plan(request);
        return Yes(bed.Do(c => c.StartAsync(Mara, plan, CancellationToken.None)));
    }

    /// <summary>Mara starts it and Jon approves.</summary>
    public static JobId Run(this EngineBed bed, RunRequest? request = null)
    {
        var id = bed.Start(request);
        Yes(bed.Approve(id));
        return id;
    }

    public static Outcome Approve(this EngineBed bed, JobId id, string key = "start", Actor? by = null) =>
        bed.Do(c => c.DecideAsync(by ?? Jon, id, key, approve: true, "", CancellationToken.None));

    public static Outcome Press(this EngineBed bed, Func<IJobControl, Task<Outcome>> verb) => bed.Do(verb);

    /// <summary>Something of an earlier bot was planted: a human has said that this one goes on (R13).</summary>
    public static void AcknowledgeTraces(this EngineBed bed) => Yes(bed.Do(c => c.UnlockClusterAsync(Jon, BedClusters.Name, "the earlier bot is gone", CancellationToken.None)));

    /// <summary>Nobody can tell who leads group0: nodes go by their names.</summary>
    public static void WithoutLeader(this EngineBed bed) => bed.Ports.Rewrite =
        (call, body) => call.What.Contains("raft/leader_host", StringComparison.Ordinal) ? $"\"{Guid.Empty}\"" : body;

    public static JobId Yes(Outcome outcome) => outcome is Outcome.Refused no
        ? throw new InvalidOperationException($"refused: {no.Message}") : ((Outcome.Done)outcome).Job;

    public static string No(Outcome outcome) => Assert.IsType<Outcome.Refused>(outcome).Message;

    /// <summary>Refused because of who asks (R16, R21): somebody else may.</summary>
    public static string NotYou(Outcome outcome)
    {
        var refused = Assert.IsType<Outcome.Refused>(outcome);
        Assert.True(refused.IsForbidden, refused.Message);
        return refused.Message;
    }

    /// <summary>Refused as things stand, whoever asks.</summary>
    public static string NotNow(Outcome outcome)
    {
        var refused = Assert.IsType<Outcome.Refused>(outcome);
        Assert.False(refused.IsForbidden, refused.Message);
        return refused.Message;
    }

    private static Actor Of(string name, Rights rights) => new(new Person(name, name), rights, [], "ops", $"interaction-{name}");
}

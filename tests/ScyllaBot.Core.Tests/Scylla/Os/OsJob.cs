using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Os;

/// <summary>One job on node b1 of a simulated cluster that enables what is off by default.</summary>
internal sealed class OsJob : IDisposable
{
    public const string Wait = "- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers\n        timeout_seconds: 900";

    /// <param name="steps">Node steps as YAML, the first dash in column 0.</param>
    public OsJob(string steps)
    {
        Bed = new EngineBed(options: BedWorkflows.Own(steps));
        Bed.Kill();
        Bed.StartHost(c => c with { Enables = c.Enables.Add("run-command").Add("wipe-data") });
    }

    public EngineBed Bed { get; }

    public JobId Id { get; private set; }

    public Machine Machine => Bed.Sim("b1").Machine;

    public IEnumerable<string> Effects => Bed.Effects.Where(e => e.Node == "b1").Select(e => e.Kind);

    public string Said => string.Join('\n', Bed.Log.Select(l => l.Text));

    public OsJob Start()
    {
        var answer = Bed.Do(() => Bed.Control.PlanAsync(BedPeople.Mara, BedPeople.Own("b1"), CancellationToken.None));
        Assert.True(answer is PlanOutcome.Ready, answer is PlanOutcome.Refused no ? $"{string.Join('\n', no.Why)}" : "");
        Id = BedPeople.Yes(Bed.Do(c => c.StartAsync(BedPeople.Mara, ((PlanOutcome.Ready)answer).Plan, CancellationToken.None)));
        if (Bed.Job(Id).State == JobState.Waiting)
        {
            BedPeople.Yes(Bed.Approve(Id));
        }

        return this;
    }

    /// <summary>To its end or its halt.</summary>
    public OsJob Run()
    {
        if (Id == default)
        {
            Start();
        }

        Bed.Until(() => Bed.Job(Id).State is JobState.Ended or JobState.Halted, what: "the end");
        return this;
    }

    /// <summary>It must have ended well.</summary>
    public OsJob Well()
    {
        Run();
        Assert.True(Bed.Job(Id).End?.Outcome == JobOutcome.Succeeded, Bed.Describe());
        return this;
    }

    /// <summary>It must have halted; why.</summary>
    public string Halt()
    {
        Run();
        Assert.True(Bed.Job(Id).State == JobState.Halted, Bed.Describe());
        return string.Join('\n', Bed.Events.OfType<StepFailed>().Select(f => $"{f}"));
    }

    public string? File(string path) => Machine.Files.Find(path)?.Content;

    public void Dispose() => Bed.Dispose();
}

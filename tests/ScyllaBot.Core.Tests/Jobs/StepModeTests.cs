using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R29: in step mode a human says before each node that it may begin.</summary>
public sealed class StepModeTests : IDisposable
{
    private EngineBed _bed = new(options: new BedOptions { Mode = ClusterMode.Step });

    [Fact]
    public void R29_step_mode_asks_before_each_node_and_an_operator_goes_on()
    {
        var id = _bed.Run();
        foreach (var node in new[] { "b1", "b2", "c1", "d1" })
        {
            _bed.Until(() => Open(id) is not null, what: $"the question about {node}");
            Assert.Equal(node, Open(id)!.Asked.Key.Node);
            Assert.Equal($"Go on with {node}", Assert.Single(Open(id)!.Asked.Choices));
            _bed.Pass(TimeSpan.FromMinutes(30));
            Assert.DoesNotContain(_bed.Effects, e => e.Node == node);
            Assert.Contains("operator", No(_bed.Press(c => c.AnswerAsync(Reader, id, null, $"Go on with {node}", default))), StringComparison.Ordinal);
            Yes(_bed.Press(c => c.AnswerAsync(Operator, id, null, $"Go on with {node}", default)));
        }

        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(4, _bed.Events.OfType<QuestionAsked>().Count());
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R29_a_restart_or_a_pause_asks_the_same_question_once_and_a_begun_node_is_not_asked_for()
    {
        var id = _bed.Run();
        _bed.Until(() => Open(id) is not null);
        _bed.Kill();
        _bed.StartHost();
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(_bed.Events.OfType<QuestionAsked>());
        Yes(_bed.Press(c => c.AnswerAsync(Operator, id, null, StepMode.GoOn("b1"), default)));
        _bed.Until(() => _bed.Effects.Any(e => e is { Kind: "stop", Node: "b1" }));
        _bed.Kill();
        _bed.StartHost();
        _bed.Until(() => _bed.Events.OfType<NodeReleased>().Any(r => r.Node == "b1"));
        Assert.Single(_bed.Events.OfType<QuestionAsked>(), q => q.Key.Node == "b1");
    }

    [Fact]
    public void R29_run_mode_asks_nothing()
    {
        _bed.Dispose();
        _bed = new EngineBed();
        _bed.UntilState(_bed.Run(), JobState.Ended);
        Assert.Empty(_bed.Events.OfType<QuestionAsked>());
    }

    public void Dispose() => _bed.Dispose();

    private QuestionState? Open(JobId id) => _bed.Job(id).Questions.Values.FirstOrDefault(q => q.IsOpen);
}

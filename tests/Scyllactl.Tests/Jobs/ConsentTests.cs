using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Jobs;

/// <summary>Somebody is asked and, instead of an answer, types Ctrl-C.</summary>
public sealed class ConsentTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready();

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    [Theory]
    [InlineData(false, "Start? [y/N] ")]
    [InlineData(true, "This destroys something that nobody can bring back. Type messages-stg to go on: ")]
    public async Task Ctrl_C_at_a_question_ends_it_and_nothing_is_started(bool destroys, string question)
    {
        _bot.Answers(ControlRoutes.Plan, Samples.Plan with { IsDestructive = destroys });
        using var person = new SilentPerson();
        using var ctrlC = new CancellationTokenSource();
        var saying = Task.Run(() => new Prompt(_bot.Socket) { In = TextReader.Synchronized(person) }.SayAsync(ctrlC.Token, "job", "run", "rolling_restart", "--cluster=messages-stg"));
        await person.Asked.WaitAsync(TimeSpan.FromSeconds(30));

        await ctrlC.CancelAsync();
        var said = await saying.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(ExitCodes.Detached, said.Code);
        Assert.EndsWith($"{question}\nNothing was done.\n", said.Errors, StringComparison.Ordinal);
        Assert.Single(_bot.Asked, a => a.Method == "POST");
    }

    /// <summary>As the console's input does (it is synchronized), a line is read to its end whoever has stopped waiting for it.</summary>
    private sealed class SilentPerson : TextReader
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override string? ReadLine()
        {
            _asked.TrySetResult();
            return _answer.Task.GetAwaiter().GetResult();
        }

        protected override void Dispose(bool disposing)
        {
            _answer.TrySetResult(null);
            base.Dispose(disposing);
        }
    }
}

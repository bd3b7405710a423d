using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What doctor --print-sudoers says of the bot itself is what it runs as root beside its workflows: no more and no less.</summary>
public sealed class OwnRootTests
{
    private readonly List<IReadOnlyList<string>> _rooted = [];

    [Fact]
    public void The_bot_itself_runs_as_root_what_is_told_for_sudoers_and_all_of_that()
    {
        using (var bed = new EngineBed())
        {
            Watch(bed);
            var id = Yes(bed.Press(c => c.TakeOverAsync(Mara, BedClusters.Name, "by hand", default)));
            bed.Until(() => bed.Job(id).Pause is { IsHandsOff: true });
            Yes(bed.Press(c => c.HandBackAsync(Mara, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Redo, default)));
            bed.UntilState(id, JobState.Ended);
        }

        using (var bed = new EngineBed())
        {
            // Another bot's job, of which this one's database knows nothing.
            bed.Run();
            bed.Until(() => bed.Effects.Any(e => e.Kind == "stop"));
            bed.Kill();
            bed.Store.Restore(new InMemoryJobStore());
            Watch(bed);
            bed.StartHost();
            Assert.Contains("read-only", No(bed.Press(c => c.TakeOverAsync(Mara, BedClusters.Name, "by hand", default))), StringComparison.Ordinal);
            bed.AcknowledgeTraces();
        }

        Assert.Empty(_rooted.Where(argv => !RootCommands.Covers(RootCommands.OfTheBot, argv)).Select(argv => string.Join(' ', argv)));
        Assert.Empty(RootCommands.OfTheBot.Where(shape => !_rooted.Any(argv => RootCommands.Covers([shape], argv))));
    }

    private void Watch(EngineBed bed) => bed.Ports.SawCommand = command =>
    {
        if (command.AsRoot || command.Receipt is not null)
        {
            _rooted.Add(command.Argv);
        }
    };
}

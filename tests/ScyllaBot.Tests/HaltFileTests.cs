using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests;

/// <summary>R20: the file HALT beside the database.</summary>
public sealed class HaltFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-halt-").FullName;
    private readonly InMemoryJobStore _store = new();

    private string Path => System.IO.Path.Combine(_folder, HaltFile.Name);

    [Fact]
    public async Task R20_a_file_halts_everything_once_and_its_first_line_says_why()
    {
        await using var engine = Engine(out var fleet);
        var file = new HaltFile(Path, engine, NullLogger<HaltFile>.Instance);
        await file.LookAsync(default);
        Assert.False(fleet.IsHalted);

        await File.WriteAllTextAsync(Path, "the rack\u0007 burns\nand more\n");
        await file.LookAsync(default);
        await file.LookAsync(default);
        Assert.Equal(("the rack burns", true, "the file HALT"), (fleet.Halt!.Why, fleet.Halt.ByFile, fleet.Halt.By.Name));
        Assert.True(fleet.FileIsThere);
        Assert.Single(_store.Journal, e => e.Event is FleetHalted);
    }

    [Fact]
    public async Task R20_taking_the_file_away_lifts_nothing_and_the_next_host_is_halted_too()
    {
        await File.WriteAllTextAsync(Path, "");
        await using (var engine = Engine(out _))
        {
            await new HaltFile(Path, engine, NullLogger<HaltFile>.Instance).LookAsync(default);
        }

        File.Delete(Path);
        await using var next = Engine(out var fleet);
        await new HaltFile(Path, next, NullLogger<HaltFile>.Instance).LookAsync(default);
        Assert.Empty(await next.ResumeAllAsync(ask: false, default));
        Assert.True(fleet.IsHalted);
        Assert.False(fleet.FileIsThere);
        await next.LiftAsync(Journals.Ana, default);
        Assert.False(fleet.IsHalted);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private JobEngine Engine(out Fleet fleet)
    {
        var nobody = new Nobody();
        var ports = new JobPorts
        {
            Store = _store, Time = TimeProvider.System, Random = new SystemRandom(), Http = nobody, Commands = nobody, Log = nobody, Readers = [],
            Outbox = (_, _, _) => [], Inventory = new Inventory([]),
        };
        fleet = ports.Fleet;
        return new JobEngine(
            new Inventory([]), new WorkflowBinder(WorkflowLibrary.Of([], TaskCatalog.Core), TaskCatalog.Core), ports,
            _ => throw new InvalidOperationException("there is no cluster"), NullLogger<JobEngine>.Instance);
    }

    /// <summary>Nothing is asked of anybody here.</summary>
    private sealed class Nobody : IHttpExchange, ICommandChannel, ILogSink
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new InvalidOperationException("nobody is asked");

        public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) => throw new InvalidOperationException("nobody is asked");

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => throw new InvalidOperationException("nobody is asked");

        public void Write(LogLine line)
        {
            // Nobody reads it.
        }
    }
}

using System.Collections.Immutable;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Real;

namespace ScyllaBot.Tests;

/// <summary>What was not read is not said to differ.</summary>
public sealed class InventoryCommandTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"inventory-{Guid.NewGuid():n}.yaml");

    public InventoryCommandTests() => File.WriteAllText(_path, """
        clusters:
          - name: messages
            environment: staging
            mode: observe
            nodes:
              - {name: a-1, address: 10.0.0.1, host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, dc: d, rack: r}
              - {name: a-2, address: 10.0.0.2, host_id: 9d5ed9f4-7764-4dbd-bad8-43fddce94b7c, dc: d, rack: s}
        """);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Nodes_that_do_not_answer_are_no_difference_and_the_first_error_is_said()
    {
        var (exit, said) = await CheckAsync(new Nodes(_ => throw new ExchangeException(ExchangeFailure.NotConnected, "ssh a-1: Permission denied (publickey)")));

        Assert.Equal(3, exit);
        Assert.StartsWith("messages: could not be read: no node answered: a-1: ", said, StringComparison.Ordinal);
        Assert.Contains("ssh a-1: Permission denied (publickey)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("differs", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_breaks_off_in_the_middle_of_it_is_not_read_either()
    {
        var (exit, said) = await CheckAsync(new Nodes(path => path.Contains("snitch", StringComparison.Ordinal)
            ? throw new ExchangeException(ExchangeFailure.TimedOut, "no answer within 10 s") : Of(path)));

        Assert.Equal(3, exit);
        Assert.Contains("messages: could not be read: a-1: snitch/datacenter", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_is_read_and_differs_is_a_difference()
    {
        var (exit, said) = await CheckAsync(new Nodes(path => path.Contains("snitch/rack", StringComparison.Ordinal) ? "\"z\"" : Of(path)));

        Assert.Equal(1, exit);
        Assert.Contains("messages: differs from the ring", said, StringComparison.Ordinal);
    }

    /// <summary>A plan is refused with the same words.</summary>
    [Fact]
    public async Task R24_slow_nodes_are_told_as_slow_and_not_as_nodes_that_do_not_serve()
    {
        var cluster = InventoryFile.Read(_path).Clusters[0];
        var slow = new Nodes(_ => throw new ExchangeException(ExchangeFailure.TimedOut, "no answer within 3 s"));
        var snapshot = await new ClusterWatch(cluster, slow, TimeProvider.System).ReadAsync(TimeSpan.Zero, CancellationToken.None);

        var drift = Assert.Single(await RingDrift.FindAsync(snapshot, ImmutableSortedSet<string>.Empty, slow, CancellationToken.None));

        Assert.Equal("messages: the ring could not be read: no node answered: a-1: storage_service/operation_mode: no answer within 3 s; nothing was changed.", drift);
    }

    [Fact]
    public async Task R24_nodes_that_answer_and_do_not_serve_are_told_by_their_modes()
    {
        var cluster = InventoryFile.Read(_path).Clusters[0];
        var starting = new Nodes(path => path.Contains("operation_mode", StringComparison.Ordinal) ? "\"STARTING\"" : Of(path));
        var snapshot = await new ClusterWatch(cluster, starting, TimeProvider.System).ReadAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal("no node serves (a-1 is STARTING, a-2 is STARTING)", RingDrift.WhyUnread(snapshot));
    }

    private async Task<(int Exit, string Said)> CheckAsync(IHttpExchange nodes)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exit = await new InventoryCommand(nodes, TimeProvider.System, output, errors).RunAsync(new InventoryArguments { Check = _path }, CancellationToken.None);
        return (exit, output.ToString() + errors);
    }

    /// <summary>Two nodes in a ring of two zones, as each of them says it.</summary>
    private static string Of(string path) => path switch
    {
        _ when path.Contains("operation_mode", StringComparison.Ordinal) => "\"NORMAL\"",
        _ when path.Contains("native_transport", StringComparison.Ordinal) => "true",
        _ when path.Contains("generation_number", StringComparison.Ordinal) => "1760000000",
        _ when path.Contains("host_id", StringComparison.Ordinal) =>
            """[{"key":"10.0.0.1","value":"8d5ed9f4-7764-4dbd-bad8-43fddce94b7c"},{"key":"10.0.0.2","value":"9d5ed9f4-7764-4dbd-bad8-43fddce94b7c"}]""",
        _ when path.Contains("datacenter", StringComparison.Ordinal) => "\"d\"",
        _ when path.Contains("rack", StringComparison.Ordinal) => path.EndsWith("10.0.0.1", StringComparison.Ordinal) ? "\"r\"" : "\"s\"",
        _ when path.Contains("live", StringComparison.Ordinal) => """["10.0.0.1","10.0.0.2"]""",
        _ => "[]",
    };

    private sealed class Nodes(Func<string, string> says) : IHttpExchange
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => Task.FromResult(new HttpAnswer(200, [], Encoding.UTF8.GetBytes(says(call.Uri.ToString()))));
    }
}

using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class CommandChannelTests
{
    [Fact]
    public async Task The_same_receipt_never_runs_twice_and_gives_the_stored_result()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        var first = bed.Exec(node, "systemctl stop scylla-server", "scp-1.1-1", 7).Result!;
        bed.Until(() => first.IsCompleted);
        bed.Run(node, "systemctl start scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");

        var again = bed.Exec(node, "systemctl stop scylla-server", "scp-1.1-1", 7).Result!;
        Assert.True(again.IsCompleted);
        Assert.Equal(await first, await again);
        Assert.Equal("NORMAL", bed.Mode(node));
        Assert.Equal(["stop", "start"], bed.Effects().Select(effect => effect.Kind));
    }

    [Fact]
    public async Task A_later_call_attaches_to_the_running_command()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Exec(node, "systemctl stop scylla-server", "scp-1.1-1", 7);
        bed.Time.Advance(1);
        var attached = bed.Exec(node, "systemctl stop scylla-server", "scp-1.1-1", 8).Result!;

        Assert.False(attached.IsCompleted);
        bed.Until(() => attached.IsCompleted, atMost: 6);
        Assert.Equal(0, (await attached).Exit);
        Assert.Equal("scp-1.1-1", Assert.Single(bed.Effects()).Receipt);
    }

    [Fact]
    public void An_epoch_below_the_highest_seen_is_refused_and_changes_nothing()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.False(bed.Exec(node, "true", epoch: 8).Stale);

        Assert.True(bed.Exec(node, "systemctl stop scylla-server", "old", 7).Stale);
        Assert.Empty(bed.Effects());
        Assert.False(bed.Exec(node, "hostname", epoch: 8).Stale);
        Assert.False(bed.Exec(bed.Node("b", 2), "hostname", epoch: 1).Stale);
    }

    [Fact]
    public async Task It_tells_what_was_left_on_the_node_and_the_last_command_outlives_its_receipt()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.Equal("epoch 0\nscylla active\nend", await LeftAsync());

        bed.Exec(node, "true", "scp-01JOB-1.1-1-true", 7);
        var stop = bed.Exec(node, "systemctl stop scylla-server", "scp-01JOB-1.2-1-systemctl", 7).Result!;
        bed.Channel(node).Release("scp-01JOB-1.1-1-true");
        Assert.EndsWith("receipt scp-01JOB-1.2-1-systemctl 7 running\nscylla deactivating\nend", await LeftAsync(), StringComparison.Ordinal);
        bed.Until(() => stop.IsCompleted);
        bed.Channel(node).Release("scp-01JOB-1.2-1-systemctl");
        Assert.Matches("^epoch 7\nlast scp-01JOB-1.2-1-systemctl 7 [0-9TZ:-]+\nscylla inactive\nend$", await LeftAsync());

        async Task<string> LeftAsync() => (await bed.Exec(node, "footprints sim").Result!).Output;
    }

    [Fact]
    public void A_released_receipt_is_forgotten()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Exec(node, "true", "r");
        Assert.True(bed.Channel(node).Release("r"));
        Assert.False(bed.Channel(node).Release("r"));

        bed.Exec(node, "systemctl stop scylla-server", "r");
        Assert.Equal("stop", Assert.Single(bed.Effects()).Kind);
    }

    [Fact]
    public void Stop_and_start_of_what_is_so_already_are_no_effects()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.Equal(0, bed.Run(node, "systemctl start scylla-server").Exit);
        bed.Run(node, "systemctl stop scylla-server");
        Assert.Equal(0, bed.Run(node, "systemctl stop scylla-server").Exit);

        Assert.Equal(["stop"], bed.Effects().Select(effect => effect.Kind));
    }

    [Theory]
    [InlineData("hostname", 0, "scylla-messages-stg-us-east1-b-1")]
    [InlineData("true", 0, "")]
    [InlineData("sudo -n systemctl is-active scylla-server.service", 0, "active")]
    [InlineData("systemctl start nothing", 5, "Failed to start nothing.service: Unit nothing.service not found.")]
    [InlineData("systemctl is-active nothing", 4, "inactive")]
    [InlineData("systemctl show scylla-server -p ActiveState,SubState,Result", 0, "ActiveState=active\nSubState=running\nResult=success")]
    [InlineData("rm -rf /", 127, "rm: command not found")]
    public void Commands_exit_as_the_real_ones_do(string command, int exit, string output)
    {
        using var bed = new TestBed();
        Assert.Equal(new CommandResult(exit, output), bed.Run(bed.Node("b", 1), command));
    }

    [Fact]
    public async Task Cqlsh_prints_rows_of_json_and_fails_where_cql_is_closed()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        string[] argv = ["cqlsh", "-e", "SELECT JSON keyspace_name, replication FROM system_schema.keyspaces;"];
        Task<CommandResult> QueryAsync() =>
            bed.World.Agenda.Run(() => bed.Channel(node).Start(new CommandCall([.. argv], null, null, null, null))).Result!;

        var lines = (await QueryAsync()).Output.Split('\n');
        Assert.Equal(("", "[json]", "(5 rows)"), (lines[0], lines[1].Trim(), lines[^1]));
        const string Replication = """{"class": "org.apache.cassandra.locator.NetworkTopologyStrategy", "us-east1": "3"}""";
        Assert.Contains($$"""{"keyspace_name": "discord", "replication": {{Replication}}}""", lines.Select(line => line.Trim()));

        _ = bed.CallAsync(node, "POST", "/storage_service/drain");
        Assert.Equal(1, (await QueryAsync()).Exit);
        Assert.StartsWith("Connection error", (await QueryAsync()).Output, StringComparison.Ordinal);
    }
}

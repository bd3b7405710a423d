using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Clusters.Import;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Clusters;

public sealed class ImportTests
{
    [Fact]
    public void Scyllas_own_monitoring_file_gives_addresses_and_the_cluster()
    {
        var read = ScrapeTargets.Read("scylla_servers.yml", """
            - targets: [10.0.0.1, "10.0.0.2:9180"]
              labels: {cluster: messages, dc: us-east1}
            - targets:
                - "[2001:db8::1]:9180"
                - 2001:db8::2
              labels: {cluster: messages, dc: us-west1}
            """);
        Assert.Empty(read.Errors);
        Assert.Equal(["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"], read.Hosts.Select(h => h.Reached));
        Assert.All(read.Hosts, h => Assert.Equal("messages", h.Cluster));
    }

    [Fact]
    public void File_sd_may_be_json()
    {
        var read = ScrapeTargets.Read("targets.json", """[{"targets": ["node-1:9180"], "labels": {"job": "scylla"}}]""");
        Assert.Equal(("node-1", null), (Assert.Single(read.Hosts).Reached, read.Hosts[0].Cluster));
    }

    [Theory]
    [InlineData("targets: [a]", "this is no file_sd")]
    [InlineData("- labels: {a: b}", "each entry needs `targets`")]
    [InlineData("- targets: [{}]", "a target is an address")]
    public void What_is_no_file_sd_says_so(string text, string says) =>
        Assert.Contains(ScrapeTargets.Read("f.yml", text).Errors, e => e.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void An_ansible_ini_file_gives_names_addresses_and_users_with_ranges_children_and_group_variables()
    {
        var read = AnsibleHosts.Read("hosts.ini", """
            # our nodes
            scylla-b-1 ansible_host=10.0.0.1 ansible_user='root'
            [scylla_c]
            scylla-c-[01:03].example
            [other]
            web-1
            [scylla:children]
            scylla_b
            scylla_c
            [scylla_b]
            scylla-b-1
            [scylla:vars]
            ansible_user=ops
            scylla_cluster = messages
            """, "scylla");
        Assert.Empty(read.Errors);
        Assert.Equal(["scylla-b-1", "scylla-c-01.example", "scylla-c-02.example", "scylla-c-03.example"], read.Hosts.Select(h => h.Name));
        Assert.Equal(("10.0.0.1", "root"), (read.Hosts[0].Reached, read.Hosts[0].User));
        Assert.Equal(("ops", "messages"), (read.Hosts[1].User, read.Hosts[1].Cluster));
    }

    [Fact]
    public void An_ansible_yaml_file_is_read_as_well()
    {
        var read = AnsibleHosts.Read("hosts.yml", """
            all:
              vars: {ansible_user: ops}
              children:
                scylla:
                  hosts:
                    node-[1:2]: {ansible_host: 10.0.0.9}
                    node-3:
            """, "scylla");
        Assert.Empty(read.Errors);
        Assert.Equal(["node-1", "node-2", "node-3"], read.Hosts.Select(h => h.Name));
        Assert.All(read.Hosts, h => Assert.Equal("ops", h.User));
    }

    [Fact]
    public void A_group_that_is_not_there_is_named_with_those_that_are() => Assert.Equal(
        ["hosts.ini: there is no group scyla; there are all, scylla"], AnsibleHosts.Read("hosts.ini", "[scylla]\na\n", "scyla").Errors.ToArray());

    [Fact]
    public void One_live_node_gives_the_whole_cluster_and_the_file_written_of_it_is_read_back_the_same()
    {
        using var bed = new EngineBed();
        var seed = bed.World.Nodes[0].Id;
        var hosts = ImmutableArray.Create(new ImportHost("scylla-b-1", seed.Address, "ops", null), new ImportHost("gone-1", "10.9.9.9", null, null));
        var imported = bed.Do(() => LiveImport.ReadAsync(
            new ImportRequest("mini", hosts) { Transport = NodeTransport.Direct }, new OnlyKnown(bed.Ports, bed), CancellationToken.None));

        var cluster = imported.Cluster!;
        Assert.Equal(bed.World.Nodes.Select(n => (n.Id.Address, n.Id.HostId, new Zone(n.Id.Dc, n.Id.Rack))), cluster.Nodes.Select(n => (n.Address, n.HostId, n.Zone)));
        Assert.Equal("scylla-b-1", cluster.Nodes[0].Name);
        Assert.Equal(ClusterMode.Observe, cluster.Mode);
        Assert.Contains(imported.Notes, n => n.StartsWith("gone-1 was listed, did not answer", StringComparison.Ordinal));

        var text = InventoryText.Of(new Inventory([cluster]), ["imported \n: x"]);
        var again = Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", text)).Inventory.Clusters[0];
        Assert.Equal(cluster.Nodes.Select(n => (n.Name, n.Address, n.HostId, n.Zone, n.Access!.SshHost)), again.Nodes.Select(n => (n.Name, n.Address, n.HostId, n.Zone, n.Access!.SshHost)));
        Assert.Equal((cluster.Environment, cluster.Mode), (again.Environment, again.Mode));
    }

    [Fact]
    public void When_nobody_answers_each_reason_is_told()
    {
        using var bed = new EngineBed();
        var imported = bed.Do(() => LiveImport.ReadAsync(
            new ImportRequest(null, [new ImportHost("a", "10.9.9.9", null, null)]) { Transport = NodeTransport.Direct }, new OnlyKnown(bed.Ports, bed), CancellationToken.None));
        Assert.Null(imported.Cluster);
        Assert.Contains("no route", Assert.Single(imported.Notes));
    }

    /// <summary>Addresses outside the simulation lead nowhere.</summary>
    private sealed class OnlyKnown(Core.Ports.IHttpExchange inner, EngineBed bed) : Core.Ports.IHttpExchange
    {
        public Task<Core.Ports.HttpAnswer> SendAsync(Core.Ports.HttpCall call, CancellationToken ct) =>
            bed.World.Nodes.Any(n => n.Id.Address == call.Uri.Host)
                ? inner.SendAsync(call, ct)
                : Task.FromException<Core.Ports.HttpAnswer>(new Core.Ports.ExchangeException(Core.Ports.ExchangeFailure.NotConnected, "no route"));
    }
}

using ScyllaBot.Core.Clusters;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clusters;

public sealed class InventoryYamlTests
{
    private const string Good = """
        clusters:
          - name: messages-stg
            environment: sandbox
            mode: run
            exemptions:
              - keyspace: system_traces
                reason: traces may be lost
                by: sandbox
                until: 2026-06-01T00:00:00Z
            nodes:
              - name: scylla-messages-stg-us-east1-b-1
                address: 10.0.1.1
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c
                dc: us-east1
                rack: b
                api: http://127.0.0.1:40001
                metrics: http://127.0.0.1:40101/metrics
                commands: http://127.0.0.1:8000/sandbox/nodes/scylla-messages-stg-us-east1-b-1/exec
              - name: scylla-messages-stg-us-east1-c-1
                address: 10.0.1.2
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d
                dc: us-east1
                rack: c
                api: http://127.0.0.1:40002
                metrics: http://127.0.0.1:40102/metrics
        """;

    [Fact]
    public void The_sandboxs_inventory_is_read_whole()
    {
        var cluster = Assert.Single(Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", Good)).Inventory.Clusters);
        Assert.Equal(("messages-stg", ClusterEnvironment.Sandbox, ClusterMode.Run), (cluster.Name, cluster.Environment, cluster.Mode));
        Assert.Equal(new Exemption("system_traces", "traces may be lost", "sandbox",
            new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), Assert.Single(cluster.Exemptions));
        var node = cluster.Nodes[0];
        Assert.Equal(
            ("scylla-messages-stg-us-east1-b-1", "10.0.1.1", new Guid("8d5ed9f4-7764-4dbd-bad8-43fddce94b7c"), new Zone("us-east1", "b")),
            (node.Name, node.Address, node.HostId, node.Zone));
        Assert.Equal(new Uri("http://127.0.0.1:40001"), node.Api);
        Assert.Equal(new Uri("http://127.0.0.1:40101/metrics"), node.Metrics);
        Assert.Equal("/sandbox/nodes/scylla-messages-stg-us-east1-b-1/exec", node.Commands!.AbsolutePath);
        Assert.Null(cluster.Nodes[1].Commands);
    }

    [Fact]
    public void A_cluster_that_does_not_say_its_mode_is_only_observed_R29()
    {
        var read = Assert.IsType<InventoryReading.Read>(
            InventoryYaml.Read("i.yaml", Good.Replace("    mode: run\n", "", StringComparison.Ordinal)));
        Assert.Equal(ClusterMode.Observe, read.Inventory.Clusters[0].Mode);
    }

    [Theory]
    [InlineData("    mode: run", "    mode: walk", 4, "`mode` needs one of observe, step, run, not \"walk\"")]
    [InlineData("    environment: sandbox\n", "", 2, "`clusters` needs `environment`: What it is for; decides who must approve what")]
    [InlineData("        rack: b", "        rak: b", 15, "`nodes` has no `rak`")]
    [InlineData("host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d", "host_id: 8d5ed9f4", 21,
        "`host_id` needs an id such as 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, not \"8d5ed9f4\"")]
    [InlineData("host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d", "host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c", 21,
        "another node has the same `host_id` 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, in line 13")]
    [InlineData("name: scylla-messages-stg-us-east1-c-1", "name: scylla-messages-stg-us-east1-b-1", 19,
        "another node has the same `name` scylla-messages-stg-us-east1-b-1, in line 11")]
    [InlineData("address: 10.0.1.2", "address: 10.0.1.1", 20, "another node has the same `address` 10.0.1.1, in line 12")]
    [InlineData("api: http://127.0.0.1:40002", "api: http://127.0.0.1:40001", 24,
        "another node has the same `api` http://127.0.0.1:40001/, in line 16")]
    [InlineData("api: http://127.0.0.1:40002", "api: file:///etc/passwd", 24,
        "`api` needs an http or https address, not \"file:///etc/passwd\"")]
    [InlineData("address: 10.0.1.2", "address: host; rm", 20, "`address` must look like [0-9A-Fa-f:.]{2,45}, not \"host; rm\"")]
    [InlineData("        by: sandbox\n", "", 6, "`exemptions` needs `by`: Who said so")]
    [InlineData("        reason: traces may be lost", "        reason: traces may be lost\n        reason: again", 8,
        "`reason` is given twice")]
    public void A_mistake_is_told_at_its_line(string right, string wrong, int line, string message)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var invalid = Assert.IsType<InventoryReading.Invalid>(
            InventoryYaml.Read("i.yaml", Good.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(invalid.Errors, e => (e.File, e.Line, e.Message) == ("i.yaml", line, message));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var text = Good.Replace("mode: run", "mode: runn", StringComparison.Ordinal).Replace("rack: c", "rakc: c", StringComparison.Ordinal)
            .Replace("address: 10.0.1.2", "address: 10.0.1.1", StringComparison.Ordinal);
        var invalid = Assert.IsType<InventoryReading.Invalid>(InventoryYaml.Read("i.yaml", text));
        Assert.Equal([4, 19, 20, 23], invalid.Errors.Select(e => e.Line));
        Assert.Equal(["run", null, null, "rack"], invalid.Errors.Select(e => e.Suggestion));
    }

    [Fact]
    public void A_plus_sign_in_an_inventory_is_just_a_plus_sign()
    {
        var read = Assert.IsType<InventoryReading.Read>(
            InventoryYaml.Read("i.yaml", Good.Replace("traces may be lost", "+cluster+", StringComparison.Ordinal)));
        Assert.Equal("+cluster+", read.Inventory.Clusters[0].Exemptions[0].Reason);
    }

    private const string Real = """
        clusters:
          - name: messages-prd
            environment: production
            mode: step
            transport: agent
            agent: {port: 10002, token: "file:/run/secrets/agent", authority: /etc/ssl/agents.pem}
            ssh: {config: /etc/scyllabot/ssh_config, user: ops, helper: false, max_sessions: 4}
            policy:
              levels: [local_quorum, quorum]
              overrides: {audit: [one], sessions: [each_quorum, local_serial]}
              not_serving: [us-west1]
            exclusive_group: chat
            labels: {team: infra}
            enables: [wipe-data]
            prometheus: {url: "http://prom:9090", headers: {Authorization: "Bearer env:PROM_TOKEN"}, matcher: 'cluster="messages"'}
            alertmanager: {url: "http://alerts:9093/"}
            manager: {url: "http://manager:5080/api/v1", cluster: messages}
            salt: {url: "https://salt:8000", username: scp, password: "file:/run/secrets/salt", eauth: pam}
            ansible: {runner: deploy-1, directory: /srv/ansible}
            cql: {username: scp_ro, password: "env:CQL_PASSWORD"}
            nodes:
              - name: a-1
                address: 10.0.1.1
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c
                dc: us-east1
                rack: b
                ssh_host: a-1.internal
                labels: {disk: nvme}
                failure_domain: feed-1
              - name: a-2
                address: "2001:db8::2"
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d
                dc: us-east1
                rack: c
        """;

    private const string Enabled = @"wipe-data|tear-down|remove-node|decommission|exclude-node|shadow-cluster|run-command|http-request:[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|http-secret:[A-Za-z0-9.-]{1,253}:(env:[A-Za-z0-9_]{1,250}|file:/[^\x00-\x20]{1,1000})";

    [Fact]
    public void A_real_clusters_inventory_is_read_whole()
    {
        var cluster = Assert.Single(Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", Real)).Inventory.Clusters);
        Assert.Equal([ConsistencyLevel.LocalQuorum, ConsistencyLevel.Quorum], cluster.Policy.Levels.ToArray());
        Assert.Equal([ConsistencyLevel.One], cluster.Policy.LevelsOf("audit").ToArray());
        Assert.Equal([ConsistencyLevel.LocalQuorum, ConsistencyLevel.Quorum], cluster.Policy.LevelsOf("messages").ToArray());
        Assert.Equal(["us-west1"], cluster.Policy.NotServing);
        Assert.Equal(("chat", "infra"), (cluster.ExclusiveGroup, cluster.Labels["team"]));
        Assert.Equal(["wipe-data"], cluster.Enables);
        Assert.Equal("Bearer {{secret env:PROM_TOKEN}}", cluster.Prometheus!.Headers["authorization"]);
        Assert.Equal("env:PROM_TOKEN", Assert.Single(cluster.Prometheus.Secrets).Text);
        Assert.Equal(("http://prom:9090/", "cluster=\"messages\""), (cluster.Prometheus.Url.AbsoluteUri, cluster.Prometheus.Matcher));
        Assert.Equal(new ManagerEndpoint(new Uri("http://manager:5080/api/v1/"), "messages"), cluster.Manager);
        Assert.Equal(("scp", "file:/run/secrets/salt"), (cluster.Salt!.Username, cluster.Salt.Password.Text));
        Assert.Equal(new AnsibleRunner("deploy-1", "/srv/ansible", "hosts.ini"), cluster.Ansible);
        Assert.Equal("scp_ro", cluster.Cql.Username);
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        Assert.Equal(("a-1.internal", NodeTransport.Agent), (one.Access!.SshHost, one.Access.Transport));
        Assert.Equal(new SshOptions("/etc/scyllabot/ssh_config", "ops", false, 4), one.Access.Ssh);
        Assert.Equal(("nvme", "feed-1"), (one.Labels["disk"], one.FailureDomain));
        Assert.Equal(("https://10.0.1.1:10002/", "https://10.0.1.1:10002/metrics"), (one.Api.AbsoluteUri, one.Metrics.AbsoluteUri));
        Assert.Equal("https://[2001:db8::2]:10002/", two.Api.AbsoluteUri);
        Assert.Equal("a-2", two.Access!.SshHost);
    }

    [Fact]
    public void By_default_stock_scylla_is_reached_on_its_own_loopback_over_ssh()
    {
        var text = Real.Replace("    transport: agent\n", "", StringComparison.Ordinal);
        var node = Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", text)).Inventory.Clusters[0].Nodes[0];
        Assert.Equal((NodeTransport.Ssh, "http://127.0.0.1:10000/", "http://10.0.1.1:9180/metrics"), (node.Access!.Transport, node.Api.AbsoluteUri, node.Metrics.AbsoluteUri));
    }

    [Theory]
    [InlineData("token: \"file:/run/secrets/agent\"", "token: hunter2hunter2", "`token` needs where the secret is, `file:/path` or `env:NAME`, never the secret itself")]
    [InlineData("token: \"file:/run/secrets/agent\", ", "", "`transport: agent` needs `agent: {token: …}`: the agents answer to nobody else")]
    [InlineData("ssh_host: a-1.internal", "ssh_host: -oProxyCommand=x", "`ssh_host` must look like [A-Za-z0-9][A-Za-z0-9_.:-]{0,252}, not \"-oProxyCommand=x\"")]
    [InlineData("enables: [wipe-data]", "enables: [everything]", "`enables` must look like " + Enabled + ", not \"everything\"")]
    [InlineData("audit: [one]", "audit: [won]", "`audit` needs one of one, two, three, quorum, all, local_one, local_quorum, each_quorum, serial, local_serial, not \"won\"")]
    [InlineData("labels: {team: infra}", "labels: [team]", "`labels` needs a mapping: `key: value` lines")]
    public void A_mistake_of_a_real_clusters_inventory_is_told_and_no_secret_with_it(string right, string wrong, string message)
    {
        Assert.Contains(right, Real, StringComparison.Ordinal);
        var invalid = Assert.IsType<InventoryReading.Invalid>(InventoryYaml.Read("i.yaml", Real.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(message, invalid.Errors.Select(e => e.Message));
        Assert.DoesNotContain(invalid.Errors, e => e.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void R27_a_node_that_is_not_in_the_ring_yet_has_no_host_id_and_zeros_are_no_way_to_say_so()
    {
        const string Two = """
            clusters:
              - name: messages
                environment: staging
                nodes:
                  - {name: b-1, address: 10.0.0.1, host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, dc: east, rack: b}
                  - {name: b-2, address: 10.0.0.2, dc: east, rack: b}
                  - {name: b-3, address: 10.0.0.3, dc: east, rack: b}
            """;
        var cluster = Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", Two)).Inventory.Clusters[0];
        Assert.Equal([true, false, false], cluster.Nodes.Select(n => n.IsInRing));
        Assert.Equal(["b-1"], cluster.Members.Select(n => n.Name), StringComparer.Ordinal);

        var invalid = Assert.IsType<InventoryReading.Invalid>(
            InventoryYaml.Read("i.yaml", Two.Replace("10.0.0.2, dc", "10.0.0.2, host_id: 00000000-0000-0000-0000-000000000000, dc", StringComparison.Ordinal)));
        Assert.Contains("leave it out", Assert.Single(invalid.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_about_the_inventory_is_the_generated_one_and_its_example_is_read()
    {
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf("docs/inventory.md"), InventoryYaml.Markdown());
        }

        Assert.Equal(InventoryYaml.Markdown(), RepositoryFiles.Read("docs/inventory.md"));
        Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", InventoryYaml.Example));
    }
}

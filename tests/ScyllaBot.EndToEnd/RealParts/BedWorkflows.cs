namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>What the tests have done to the hosts: the shipped operations with shorter waits, for these nodes settle in seconds.</summary>
internal static class BedWorkflows
{
    public static readonly (string File, string Text) Restart = ("quick_restart.yaml", """
        name: Restart quickly
        description: Drains, stops and starts each node, and waits until every peer sees it.
        variables:
          - name: limit
            type: integer
            description: Most nodes of one zone at work at once
            default: 3
        cluster_tasks:
          - task: !node-workflow
              name: Drain and restart each node
              concurrency_unit: zone
              concurrency_limit: +limit+
              node_tasks:
                - task: !scylla-drain
                - task: !systemd-stop-scylla-server
                - task: !systemd-start-service
                    service: scylla-server
                  retries: 5
                  retry_delay_seconds: 5
                - name: Wait until every peer sees it
                  task: !wait-for-conditions
                    conditions:
                      - condition: !is-up-normal
                        poll_interval_seconds: 1
                        timeout_seconds: 300
                      - condition: !up-for-all-peers
                        success_window_seconds: 3
                        poll_interval_seconds: 1
                        timeout_seconds: 300
        """);

    /// <summary>A command that takes a while and must be carried out once: the host counts it.</summary>
    public static readonly (string File, string Text) Slow = ("slow_command.yaml", $$"""
        name: A long command on each node
        description: Starts a unit that takes {{SlowSeconds}} s to start.
        cluster_tasks:
          - task: !node-workflow
              name: Long command
              concurrency_unit: node
              concurrency_limit: 1
              node_tasks:
                - task: !systemd-start-service
                    service: {{SlowUnit}}
                  retries: 5
                  retry_delay_seconds: 2
        """);

    public const string SlowUnit = "slow-job";

    /// <summary>Long enough to do something to host or bot meanwhile.</summary>
    public const int SlowSeconds = 15;

    public static (string, string)[] All => [Restart, Slow];

    /// <summary>Puts the unit on the host; its count is what it appended to its file.</summary>
    public static async Task InstallSlowUnitAsync(BedHost host)
    {
        const string Unit = "[Service]\nType=oneshot\nExecStart=/bin/sh -c \"echo began >> /var/lib/slow-job; sync /var/lib/slow-job; sleep {0}; echo ended >> /var/lib/slow-job\"\n";
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, Unit, SlowSeconds);
        await host.ShAsync("sh", "-c", $"rm -f /var/lib/slow-job; printf '%s' '{text}' > /etc/systemd/system/{SlowUnit}.service; systemctl daemon-reload");
    }

    /// <summary>Such as "began ended".</summary>
    public static string SlowCount(BedHost host) => (host.File("/var/lib/slow-job") ?? "").Trim().Replace('\n', ' ');
}

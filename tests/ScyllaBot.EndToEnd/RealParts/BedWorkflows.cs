using System.Globalization;

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
        description: Runs a program that takes {{SlowSeconds}} s.
        cluster_tasks:
          - task: !node-workflow
              name: Long command
              concurrency_unit: node
              concurrency_limit: 1
              node_tasks:
                - task: !run-command
                    command: [{{SlowProgram}}]
                    restarts_scylla: false
        """);

    /// <summary>The same, and after it another: whoever was fenced meanwhile never starts the second.</summary>
    public static readonly (string File, string Text) TwoCommands = ("two_commands.yaml", $"""
        name: Two commands on each node
        description: A long one and then another.
        cluster_tasks:
          - task: !node-workflow
              name: Two commands
              concurrency_unit: node
              concurrency_limit: 1
              node_tasks:
                - task: !run-command
                    command: [{SlowProgram}]
                    restarts_scylla: false
                - task: !run-command
                    command: [{MarkProgram}]
                    restarts_scylla: false
        """);

    public static readonly (string File, string Text) Mark = ("mark.yaml", $"""
        name: A short command on each node
        description: Runs a program that only counts.
        cluster_tasks:
          - task: !node-workflow
              name: Short command
              concurrency_unit: node
              concurrency_limit: 1
              node_tasks:
                - task: !run-command
                    command: [{MarkProgram}]
                    restarts_scylla: false
        """);

    public static readonly (string File, string Text) Upgrade = ("upgrade.yaml", $"""
        name: Upgrade Scylla
        description: Installs an exact version on each node and holds it.
        cluster_tasks:
          - task: !node-workflow
              name: Upgrade each node
              concurrency_unit: zone
              concurrency_limit: 1
              node_tasks:
                - task: !scylla-drain
                - task: !systemd-stop-scylla-server
                    restart_after_seconds: 0
                - task: !unhold-packages
                    packages: [scylla-server]
                - task: !install-packages
                    versions: [scylla-server=6.2.1-0]
                - task: !hold-packages
                    packages: [scylla-server]
                - task: !systemd-start-service
                    service: scylla-server
        {UpForAll}
        """);

    public static readonly (string File, string Text) Reboot = ("reboot_hosts.yaml", $"""
        name: Reboot hosts
        description: Drains and reboots each host, one at a time.
        cluster_tasks:
          - task: !node-workflow
              name: Reboot each host
              concurrency_unit: node
              concurrency_limit: 1
              node_tasks:
                - task: !scylla-drain
                - task: !reboot
                    wait_seconds: 300
                  retries: 3
                  retry_delay_seconds: 5
        {UpForAll}
        """);

    public static readonly (string File, string Text) ConfigLive = ("config_live.yaml", """
        name: Change an option live
        description: scylla.yaml, SIGHUP, and proof that it was taken.
        variables:
          - name: throughput
            type: integer
            description: MB/s for compaction
        cluster_tasks:
          - task: !node-workflow
              name: Change each node
              concurrency_unit: zone
              concurrency_limit: 3
              node_tasks:
                - task: !set-config-live
                    settings:
                      - compaction_throughput_mb_per_sec=+throughput+
        """);

    private const string UpForAll = """
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
        """;

    /// <summary>Both append to a file, so that twice is seen as twice.</summary>
    private const string SlowProgram = "/usr/local/bin/count-slowly";

    private const string MarkProgram = "/usr/local/bin/count";

    /// <summary>Long enough to do something to host or bot meanwhile.</summary>
    private const int SlowSeconds = 15;

    /// <summary>Lines of the inventory: run-command is off until somebody allows it.</summary>
    public const string EnablesRunCommand = "    enables: [run-command]\n";

    /// <summary>Puts the programs on the host, with a count of nothing, and allows to run them: the host has its say too.</summary>
    public static async Task InstallProgramsAsync(BedHost host)
    {
        var slow = string.Create(
            CultureInfo.InvariantCulture,
            $"#!/bin/sh\\necho began >> /var/lib/slow-count; sync /var/lib/slow-count; sleep {SlowSeconds}; echo ended >> /var/lib/slow-count\\n");
        await host.ShAsync(
            "sh", "-c",
            $"rm -f /var/lib/slow-count /var/lib/count; printf '{slow}' > {SlowProgram}; printf '#!/bin/sh\\necho counted >> /var/lib/count\\n' > {MarkProgram}; "
            + $"chmod 755 {SlowProgram} {MarkProgram}; mkdir -p /etc/scyllabot; touch /etc/scyllabot/allow-run-command");
    }

    /// <summary>How often the short program ran.</summary>
    public static int Marks(BedHost host) => (host.File("/var/lib/count") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Such as "began ended".</summary>
    public static string SlowCount(BedHost host) => (host.File("/var/lib/slow-count") ?? "").Trim().Replace('\n', ' ');
}

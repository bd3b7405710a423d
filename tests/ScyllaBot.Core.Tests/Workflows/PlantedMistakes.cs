namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>Who can tell a mistake from the published schema.</summary>
[Flags]
internal enum Knows
{
    None = 0,

    /// <summary>A validator that is given tags.</summary>
    Tagged = 1,

    /// <summary>One whose YAML reader dropped them.</summary>
    Plain = 2,

    /// <summary>An editor, which drops tags too but knows their names and whether something stands under them.</summary>
    Editor = 4,
    All = Tagged | Plain | Editor,
}

/// <summary>One workflow that uses all of the language, and mistakes made in it one at a time.</summary>
internal static class PlantedMistakes
{
    public const string Whole = """
        name: All of it
        description: d
        repairs: wait
        variables:
          - name: up
            type: duration
            default: 30m
          - name: limit
            type: integer
            default: 1
          - name: calm
            type: boolean
            default: true
          - name: share
            type: number
            default: 0.5
          - name: known
            type: node
          - name: channels
            type: list
            default: [ops, infra]
        window:
          - days: [sat, sun]
            from: "22:00"
            to: "04:00"
            time_zone: Europe/Berlin
        guards:
          - condition: !no-firing-alerts
        macros:
          settle:
            inputs:
              - name: patience
                type: duration
                default: 15m
            steps:
              - task: !wait-for-conditions
                  conditions:
                    - condition: !up-for-all-peers
                      timeout_seconds: +patience+
        cluster_tasks:
          - task: !send-webhook-message
              channels: +channels+
              message: "begins: +calm+, +share+"
            approval:
              message: Now?
              count: 2
          - name: Restart
            task: !node-workflow
              name: Restart them
              nodes: ring
              concurrency_unit: zone
              concurrency_limit: +limit+
              batches: [1, 30%]
              between_batches:
                - task: !wait-for-cluster
                    conditions:
                      - condition: !cluster-normal
                        timeout_seconds: 600
              node_tasks:
                - task: !scylla-drain
                - task: !systemd-stop-scylla-server
                - task: !systemd-start-service
                    service: scylla-server
                  retries: 2
                  retry_delay_seconds: 0.5
                  on_failure: halt
                - task: !wait-for-conditions
                    conditions:
                      - condition: !is-up-normal
                          known_node: +known+
                        success_window_seconds: 20
                        timeout_seconds: +up+
                - macro: settle
                  with:
                    patience: +up+
              skip_when:
                - condition: !config-is
                    settings: ['a=b']
        always:
          - task: !send-webhook-message
              channels: [ops]
              message: ended

        """;

    private const string Start = "!systemd-start-service\n            service: scylla-server";

    /// <summary>What, what was there, what is there now, and who can tell; the reader refuses every one.</summary>
    public static IReadOnlyList<(string What, string Was, string Now, Knows By)> All { get; } =
    [
        // Keys
        ("an unknown top key", "description: d", "descripton: d", Knows.All),
        ("an unknown step key", "retries: 2", "retires: 2", Knows.All),
        ("an unknown key of a check", "success_window_seconds", "succes_window_seconds", Knows.All),
        ("an unknown key of an approval", "count: 2", "counts: 2", Knows.All),
        ("an unknown key of a window", "time_zone", "timezone", Knows.All),
        ("an unknown key of a variable", "    type: node", "    kind: node", Knows.All),
        ("an unknown key of a macro", "    inputs:", "    input:", Knows.All),
        ("an unknown input of a task", "service: scylla-server", "servce: scylla-server", Knows.All),
        ("an unknown input of a condition", "known_node: +known+", "know_node: +known+", Knows.All),
        ("an unknown input of a node workflow", "concurrency_unit", "concurency_unit", Knows.All),
        ("an input of another task", "message: ended", "message: ended\n      service: scylla-server", Knows.All),
        ("inputs that fit another task only", "            service: scylla-server", "            packages: [scylla]", Knows.Tagged),
        ("a step key under the tag", "  retries: 2", "    retries: 2", Knows.All),
        ("a check key under the condition", "                success_window_seconds: 20", "                  success_window_seconds: 20", Knows.All),
        ("an input beside its tag", "            service: scylla-server", "          service: scylla-server", Knows.All),
        ("a key beside a macro", "- macro: settle", "- macro: settle\n          retries: 1", Knows.All),
        ("a key given twice", "retries: 2", "retries: 2\n          retries: 3", Knows.All),

        // What is missing
        ("no name", "name: All of it\n", "", Knows.All),
        ("no steps", "cluster_tasks:", "always_:", Knows.All),
        ("no task in a step", "- task: !scylla-drain", "- name: drain", Knows.All),
        ("a bare tag that needs inputs", Start, "!systemd-start-service", Knows.Tagged | Knows.Editor),
        ("a required input of several", "      message: ended\n", "", Knows.All),
        ("a node workflow without a name", "      name: Restart them\n", "", Knows.All),
        ("a window without its end", "    to: \"04:00\"\n", "", Knows.All),
        ("a check without its condition", "- condition: !cluster-normal\n                timeout_seconds: 600", "- timeout_seconds: 600", Knows.All),
        ("a macro without steps", "macros:\n", "macros:\n  idle: {inputs: []}\n", Knows.All),
        ("no value", "retries: 2", "retries:", Knows.All),
        ("empty text where some is needed", "message: ended", "message: \"\"", Knows.All),
        ("an empty list of steps", "always:\n  - task: !send-webhook-message\n      channels: [ops]\n      message: ended", "cluster_tasks: []", Knows.All),
        ("an empty list of conditions", "conditions:\n              - condition: !cluster-normal\n                timeout_seconds: 600", "conditions: []", Knows.All),

        // Types and values
        ("text for a whole number", "retries: 2", "retries: many", Knows.All),
        ("a fraction for a whole number", "retries: 2", "retries: 1.5", Knows.All),
        ("a list for a number", "retries: 2", "retries: [2]", Knows.All),
        ("a mapping for text", "message: ended", "message: {a: b}", Knows.All),
        ("text for a list", "batches: [1, 30%]", "batches: 3", Knows.All),
        ("text for a mapping", "approval:\n      message: Now?\n      count: 2", "approval: please", Knows.All),
        ("a unit behind seconds", "retry_delay_seconds: 0.5", "retry_delay_seconds: 5s", Knows.All),
        ("seconds below nothing", "retry_delay_seconds: 0.5", "retry_delay_seconds: -1", Knows.All),
        ("more than the range", "retries: 2", "retries: 101", Knows.All),
        ("less than the range", "concurrency_limit: +limit+", "concurrency_limit: 0", Knows.All),
        ("an approval by more people than there may be", "count: 2", "count: 11", Knows.All),
        ("no such choice", "on_failure: halt", "on_failure: skip-node", Knows.All),
        ("no such unit", "concurrency_unit: zone", "concurrency_unit: zones", Knows.All),
        ("no such policy of repairs", "repairs: wait", "repairs: never", Knows.All),
        ("no such day", "days: [sat, sun]", "days: [sat, sunday]", Knows.All),
        ("no such time", "from: \"22:00\"", "from: \"25:00\"", Knows.All),
        ("no such type", "type: integer", "type: int", Knows.All),
        ("text that does not fit the pattern", "service: scylla-server", "service: 'scylla; rm -rf /'", Knows.All),
        ("a share that is none", "30%", "130%", Knows.All),
        ("a default of another type", "default: 1\n", "default: soon\n", Knows.All),
        ("a default that is no flag", "default: true", "default: maybe", Knows.All),
        ("a default that is no duration", "default: 15m", "default: 15 minutes", Knows.All),
        ("a variable in a default", "default: 30m", "default: +limit+", Knows.All),
        ("a list for a variable that is none", "default: 30m", "default: [30m]", Knows.All),
        ("a variable's name with a capital", "- name: calm", "- name: Calm", Knows.All),

        // Tags
        ("an unknown tag", "!scylla-drain", "!scylla-drian", Knows.Tagged | Knows.Editor),
        ("no tag", Start, "\n            service: scylla-server", Knows.Tagged),
        ("a tag without its exclamation mark", "!scylla-drain", "scylla-drain", Knows.All),
        ("text behind a tag", "!scylla-drain", "!scylla-drain now", Knows.All),
        ("a tag where text belongs", "name: Restart\n", "name: !scylla-drain\n", Knows.Tagged),
        ("a tag instead of a step", "- task: !scylla-drain", "- !scylla-drain", Knows.All),
        ("a tag instead of a criterion", "- condition: !no-firing-alerts", "- !no-firing-alerts", Knows.All),
        ("a condition for a task", "!scylla-drain", "!quorum-safe", Knows.Tagged),
        ("a task for a condition", "condition: !no-firing-alerts", "condition: !read-barrier", Knows.Tagged),
        ("a node task for the cluster", "!wait-for-cluster\n            conditions:\n              - condition: !cluster-normal\n                timeout_seconds: 600", "!scylla-drain", Knows.Tagged),
        ("a node condition for the cluster", "condition: !cluster-normal", "condition: !ssh-reachable", Knows.Tagged),
        ("a node workflow on a node", "!scylla-drain", "!node-workflow {name: n, node_tasks: [{task: !scylla-drain }]}", Knows.All),

        // What a schema can not know: what words mean together
        ("a variable that is not there", "patience: +up+", "patience: +upp+", Knows.None),
        ("a name that is known on nodes only", "message: ended", "message: at +node+", Knows.None),
        ("a variable's value out of range", "default: 1\n", "default: 0\n", Knows.None),
        ("a macro that is not there", "- macro: settle", "- macro: setle", Knows.None),
        ("an input that the macro has not", "            patience: +up+", "            patence: +up+", Knows.None),
        ("a macro that nobody uses", "        - macro: settle\n          with:\n            patience: +up+\n", "", Knows.None),
        ("two variables of one name", "- name: calm", "- name: up", Knows.None),
        ("a variable with a built-in name", "- name: calm", "- name: cluster", Knows.None),
        ("no such time zone", "Europe/Berlin", "Europe/Berlinn", Knows.None),
        ("a window that says nothing", "\"04:00\"", "\"22:00\"", Knows.None),
        ("an approval while a node is down", "  retries: 2", "  approval: {message: Sure?}", Knows.None),
        ("going on while a node is down", "on_failure: halt", "on_failure: continue", Knows.None),
        ("all zones at once", "concurrency_unit: zone", "concurrency_unit: cluster", Knows.None),
        ("a window of success that is too long", "success_window_seconds: 20", "success_window_seconds: 3600", Knows.None),
        ("a wait of more than a week", "timeout_seconds: 600", "timeout_seconds: 700000", Knows.None),
        ("nothing between batches", "batches: [1, 30%]\n", "zone_order: []\n", Knows.None),
        ("a node workflow at the end", "      channels: [ops]\n      message: ended", "      channels: [ops]\n      message: ended\n  - task: !node-workflow {name: n, node_tasks: [{task: !read-barrier }]}", Knows.None),
        ("an anchor", "name: Restart\n", "name: &it Restart\n", Knows.Editor),

        // What is left when YAML's own rules have made numbers and flags of text
        ("a number in another spelling", "retries: 2", "retries: 0x2", Knows.None),
        ("a whole number with a fraction of nothing", "retries: 2", "retries: 2.0", Knows.None),
        ("a flag in another spelling", "default: true", "default: True", Knows.None),
        ("a number where text has a pattern", "batches: [1, 30%]", "batches: [0, 30%]", Knows.None),
        ("a quoted number out of range", "retries: 2", "retries: '101'", Knows.None),
        ("text that a comma divides", "[ops, infra]", "['ops, infra']", Knows.None),
    ];

    /// <summary>What the reader takes as text and a schema refuses, for YAML calls it nothing at all.</summary>
    public static IReadOnlyList<(string What, string Was, string Now)> Stricter { get; } =
    [
        ("the word null", "message: ended", "message: null"),
        ("a wavy line", "message: ended", "message: ~"),
    ];

    /// <summary>The mistake must be there to be found.</summary>
    public static string With(string was, string now)
    {
        Assert.Contains(was, Whole, StringComparison.Ordinal);
        var at = Whole.IndexOf(was, StringComparison.Ordinal);
        return string.Concat(Whole.AsSpan(0, at), now, Whole.AsSpan(at + was.Length));
    }
}

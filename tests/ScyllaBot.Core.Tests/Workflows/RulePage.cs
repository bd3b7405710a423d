using System.Text;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>The rules over a whole file, each with a workflow that breaks it: docs/workflows.md tells them in the reader's own words.</summary>
internal static class RulePage
{
    private const string Down = "- task: !scylla-drain\n- task: !systemd-start-service\n    service: scylla-server";
    private const string Wait = "- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers";
    private const string Quiet = "- task: !quiesce-topology";

    /// <summary>In the page's order: what holds, and a file that breaks it.</summary>
    public static IReadOnlyList<(string Rule, string Broken)> All { get; } =
    [
        ("A node that is taken down is waited for, on every path", Written.OnNodes($"{Down}\n{Quiet}")),
        ("Nobody is waited for while a node is down (R3)", Written.OnNodes($"{Down}\n  approval:\n    message: Sure?\n{Wait}")),
        ("Nobody is asked while a node is down (R3)", Written.OnNodes($"{Down}\n- task: !ask-human\n    message: Sure?\n{Wait}")),
        ("Nothing but a halt follows a failure while a node is down (R3)", Written.OnNodes($"{Down}\n  on_failure: continue\n{Wait}")),
        ("Bringing a node up waits for nobody (R4)", Written.OnNodes($"{Down}\n{Wait}") + "      restore:\n        - task: !scylla-bring-back\n          approval: {message: Now?}\n"
            + "        - task: !wait-for-conditions\n            conditions:\n              - condition: !up-for-all-peers\n"),
        ("Nodes of several zones are not down together (R2)", Written.OnNodes($"{Down}\n{Wait}") + "      concurrency_unit: cluster\n"),
        ("What moves data does so on one node at a time, unless it is said", Written.OnNodes("- task: !rebuild\n  timeout_seconds: 86400\n" + Quiet) + "      concurrency_limit: 2\n"),
        ("What is switched off is switched on again", "name: n\ncluster_tasks:\n- task: !manager-suspend\n" + Quiet + "\n"),
        ("No wait is without an end", Written.OnNodes($"{Quiet}\n{Wait}\n        timeout_seconds: 604801")),
        ("What lasts as long as there is data says when somebody is called", Written.OnNodes("- task: !decommission\n" + Quiet)),
        ("A window of success fits into its time-out", Written.OnNodes($"{Wait}\n        success_window_seconds: 300")),
        ("The end of a job waits for nobody", $"name: n\ncluster_tasks:\n{Quiet}\nalways:\n- task: !manager-resume\n  approval:\n    message: Now?\n"),
        ("The end of a job goes over no nodes", $"name: n\ncluster_tasks:\n{Quiet}\nalways:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    {Quiet}\n"),
        ("A node workflow stands in no other", Written.OnNodes(Quiet) + "      before_last_node:\n        - task: !node-workflow\n            name: n\n            node_tasks:\n              " + Quiet + "\n"),
        ("Between batches there are batches", Written.OnNodes(Quiet) + "      between_batches:\n        - task: !quiesce-topology\n"),
        ("A word for nodes stands alone", Written.OnNodes(Quiet) + "      nodes: [ring, n1]\n"),
        ("A window says something", $"name: n\nwindow:\n- from: \"22:00\"\n  to: \"22:00\"\ncluster_tasks:\n{Quiet}\n"),
        ("A macro is used somewhere", $"name: n\nmacros:\n  idle:\n    steps:\n    {Quiet}\ncluster_tasks:\n{Quiet}\n"),
    ];

    /// <summary>It must be broken, and nothing else in it.</summary>
    private static FileError ErrorOf(string rule, string broken)
    {
        var errors = Written.Source(broken).Errors;
        Assert.True(errors.Length == 1, $"{rule}: {errors.Length} errors: {string.Join('\n', errors)}\n{broken}");
        return errors[0];
    }

    public static string Table()
    {
        var table = new StringBuilder("| rule | broken, the reader says |\n|---|---|\n");
        foreach (var (rule, broken) in All)
        {
            table.Append($"| {rule} | {Code(ErrorOf(rule, broken).Message)} |\n");
        }

        return table.ToString();
    }

    /// <summary>Messages have single backticks in them.</summary>
    private static string Code(string text) => $"`` {text.Replace("|", "\\|", StringComparison.Ordinal)} ``";
}

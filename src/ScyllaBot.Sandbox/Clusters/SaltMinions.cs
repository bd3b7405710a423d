using System.Collections.Immutable;
using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>How states ended on one minion, keyed as Salt keys them.</summary>
internal sealed record SaltOutcome(object Return, int RetCode, bool Success);

/// <summary>
/// What Salt would do to each machine: one file it manages, in a version that can be moved on; any other sls by its name, `broken` fails.
/// salt-call on a node and salt-api work on the same. Used inside the agenda only.
/// </summary>
internal sealed class SaltMinions(SimCluster cluster)
{
    /// <summary>How long states take to apply.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    private readonly Dictionary<(string Node, string Sls), int> _applied = [];

    /// <summary>What the files on the master say; a node that applied an older one has changes to make.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Minions that do not answer, by node name.</summary>
    public HashSet<string> Dead { get; } = new(StringComparer.Ordinal);

    /// <summary>Applies, or in test mode tells, what the function would do. Null: the minion does not know the function.</summary>
    public SaltOutcome? Run(SimNode node, string function, string? sls, bool test, Cause cause)
    {
        switch (function)
        {
            case "test.ping":
                return new SaltOutcome(true, 0, true);
            case "state.highstate":
                return Managed(node, "scylla", test, cause);
            case "state.apply" when sls is "broken":
                return new SaltOutcome(new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["cmd_|-nope_|-/bin/false_|-run"] = State(
                        "/bin/false", "nope", "broken", result: false, "Command \"/bin/false\" run", new { pid = 29_876, retcode = 1, stdout = "", stderr = "" }),
                }, 2, Success: false);
            case "state.apply" when sls is null or "":
                return Managed(node, "scylla", test, cause);
            case "state.apply" when sls.StartsWith("no-such", StringComparison.Ordinal):
                return new SaltOutcome(new[] { $"No matching sls found for '{sls}' in env 'base'" }, 1, Success: false);
            case "state.apply":
                return Managed(node, sls, test, cause);
            default:
                return null;
        }
    }

    private SaltOutcome Managed(SimNode node, string sls, bool test, Cause cause)
    {
        var path = $"/srv/salt/out/{node.Id.Name}.conf";
        var changes = _applied.GetValueOrDefault((node.Id.Name, sls)) != Version;
        if (changes && !test)
        {
            _applied[(node.Id.Name, sls)] = Version;
            cluster.Record(node, "salt-" + sls, cause);
        }

        if (sls is "scylla" && !test && !node.IsMember && node.Unit.ActiveState is "inactive" or "failed")
        {
            // What makes a machine of this role a node: its configuration, and the service that is enabled and runs.
            node.Machine.Files.Configure(cause);
            node.Machine.Units.Enable(ScyllaUnit.Name, on: true, cause);
            _ = node.Unit.StartAsync(cause, "start");
        }

        var comment = !changes ? $"{(test ? "The file" : "File")} {path} is in the correct state"
            : test ? $"The file {path} is set to be changed" : $"File {path} updated";
        object diff = changes ? new { diff = "New file" } : new { };
        return new SaltOutcome(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [$"file_|-{path}_|-{path}_|-managed"] = State(path, path, sls, changes && test ? null : true, comment, diff),
        }, 0, Success: true);
    }

    private Dictionary<string, object?> State(string name, string id, string sls, bool? result, string comment, object changes) => new(StringComparer.Ordinal)
    {
        ["changes"] = changes,
        ["comment"] = comment,
        ["name"] = name,
        ["result"] = result,
        ["__sls__"] = sls,
        ["__run_num__"] = 0,
        ["start_time"] = cluster.Agenda.Now.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        ["duration"] = 133.066,
        ["__id__"] = id,
    };
}

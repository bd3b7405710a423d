using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// The one guild command with its subcommands. No default_member_permissions: they only hide, and every call is checked here anyway.
/// </summary>
internal static class CommandDefinition
{
    public const string Name = "scp";

    private const int Subcommand = 1;
    private const int Text = 3;
    private const int Integer = 4;
    private const int Boolean = 5;
    private const int User = 6;

    /// <summary>The list as PUT takes it.</summary>
    public static JsonArray Build() =>
    [
        new JsonObject
        {
            ["name"] = Name,
            ["type"] = 1,
            ["description"] = "ScyllaDB control plane: plan, run and watch jobs",
            ["options"] = new JsonArray(
                Sub("run", "Plan a workflow on a cluster and start it", [Workflow, Cluster, .. Where, Vars, Reason]),
                Sub("plan", "Show what a workflow would do; changes nothing", [Workflow, Cluster, .. Where, Vars, Reason]),
                Sub("jobs", "Jobs that are open, or the latest ones", [Optional(Cluster), Option("all", "Ended ones too", Boolean)]),
                Sub("job", "How one job stands", [Job]),
                Sub("why", "Why a job waits", [Job]),
                Sub("pause", "Stop at the next safe point", [Job]),
                Sub("resume", "Go on with a paused job", [Job]),
                Sub("retry", "Try the failed step again", [Job, Option("extend", "Start its deadline anew", Boolean)]),
                Sub("skip", "Leave out the rest of a node's steps", [Job, Optional(Node)]),
                Sub("answer", "Answer what a job asks", [Job, Required(Option("text", "Your answer", Text))]),
                Sub("abort", "End a job; held nodes finish first",
                    [Job, Option("now", "Restore held nodes instead of finishing them", Boolean)]),
                Sub("node-task", "One task on one node", [Task, Cluster, Node, Vars, Reason, Under, KnownDown]),
                Sub("cluster-task", "One task on a cluster", [Task, Cluster, Vars, Reason, Under, KnownDown]),
                Sub("takeover", "Work by hand from the next safe point on", [Completed("what", "A cluster or a job"), Required(Reason)]),
                Sub("handback", "Let a job go on after work by hand", [Job, Optional(Completed("nodes", "node=done, redo or skip"))]),
                Sub("unlock", "Take a job's lease away for ever, or a cluster over from a lost bot", [Optional(Job), Optional(Cluster), Required(Reason)]),
                Sub("owner", "Hand a job over", [Job, Required(Option("user", "Who is called for it from now on", User))]),
                Sub("halt-all", "Stop everything at its safe point", [Reason, Option("lift", "Let everything go on again", Boolean)]),
                Sub("tune", "Fewer nodes at once, or an earlier end",
                    [Job, Option("limit", "Most nodes at once", Integer), Option("stop_after", "No further node after this many", Integer)]),
                Sub("clusters", "Clusters, their nodes and open jobs", [Optional(Cluster)]),
                Sub("debts", "What operations left owing, or mark one as paid",
                    [Optional(Cluster), Option("pay", "Id of a debt that was paid by hand", Text), Reason]),
                Sub("help", "How to use this", [])),
        },
    ];

    /// <summary>How a guild's list differs from this version's command; null: it does not, or it is no list that can be read.</summary>
    public static string? Difference(JsonElement commands)
    {
        if (commands.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var own = commands.EnumerateArray().FirstOrDefault(c => c.Text("name") == Name);
        if (own.ValueKind == JsonValueKind.Undefined)
        {
            return $"/{Name} is not registered in the guild";
        }

        List<string> wanted = [.. Build()[0]!["options"]!.AsArray().Select(o => o!["name"]!.GetValue<string>())];
        List<string> there = [.. own.Items("options").Select(o => o.Text("name"))];
        var differs = wanted.Except(there, StringComparer.Ordinal).Concat(there.Except(wanted, StringComparer.Ordinal)).ToList();
        return differs.Count == 0 ? null : $"/{Name} in the guild is another version's: {string.Join(", ", differs)}";
    }

    /// <summary>Changes when the definition, the application or the guild does.</summary>
    public static string Hash(string application, string guild) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{application} {guild} {Build().ToJsonString()}")));

    private static JsonObject Workflow => Completed("workflow", "Which workflow");

    private static JsonObject Cluster => Completed("cluster", "Which cluster");

    private static JsonObject Job => Completed("job", "Which job");

    private static JsonObject Task => Completed("task", "Which task");

    private static JsonObject Under => Optional(Completed("under", "Under this job's lease"));

    private static JsonObject Node => Completed("node", "Which node");

    private static JsonObject[] Where =>
    [
        Optional(Completed("nodes", "Only these, separated by blanks or commas; * and ? stand for letters")),
        Optional(Completed("zone", "Only these zones (dc/rack)")),
        Optional(Completed("datacenter", "Only this datacenter")),
        Optional(Completed("except", "Not these nodes, patterns or zones")),
        Optional(Completed("from_job", "Only what this job left over")),
        Chosen("only", "Which nodes of from_job; default not-done", ["not-done", "failed"]),
        Count("limit", "At most so many nodes at once; only tightens"),
        Count("stop_after", "End after so many nodes"),
        KnownDown,
    ];

    private static JsonObject KnownDown => Optional(Completed("known_down", "Nodes that are down and stay so"));

    private static JsonObject Vars => Optional(Completed("vars", "name=value name=\"two words\""));

    private static JsonObject Reason => Option("reason", "Why; stands in the record", Text);

    private static JsonObject Sub(string name, string description, JsonObject[] options) => new()
    {
        ["type"] = Subcommand,
        ["name"] = name,
        ["description"] = description,

        // Discord wants the required ones first.
        ["options"] = new JsonArray([.. options.OrderByDescending(o => o["required"]?.GetValue<bool>() == true)]),
    };

    private static JsonObject Option(string name, string description, int type) => new()
    {
        ["type"] = type,
        ["name"] = name,
        ["description"] = description,
    };

    private static JsonObject Count(string name, string description)
    {
        var option = Option(name, description, Integer);
        option["min_value"] = 1;
        option["max_value"] = 1000;
        return option;
    }

    private static JsonObject Chosen(string name, string description, string[] choices)
    {
        var option = Option(name, description, Text);
        option["choices"] = new JsonArray([.. choices.Select(c => new JsonObject { ["name"] = c, ["value"] = c })]);
        return option;
    }

    private static JsonObject Completed(string name, string description)
    {
        var option = Option(name, description, Text);
        option["required"] = true;
        option["autocomplete"] = true;
        return option;
    }

    private static JsonObject Required(JsonObject option)
    {
        option["required"] = true;
        return option;
    }

    private static JsonObject Optional(JsonObject option)
    {
        option.Remove("required");
        return option;
    }
}

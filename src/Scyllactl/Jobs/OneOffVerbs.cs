using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Clusters;
using Scyllactl.Offline;

namespace Scyllactl.Jobs;

/// <summary><c>node-task</c> and <c>cluster-task</c>: one step, with the same preconditions, lease, approval and record as a job (R18).</summary>
internal static class OneOffVerbs
{
    private static readonly Option<string[]> Inputs = new("--input", "-i") { Description = "An input of the task; may be repeated (task show TAG lists them)", HelpName = "NAME=VALUE" };
    private static readonly Option<string[]> KnownDown = new("--known-down") { Description = "Nodes that are down and stay so", HelpName = "A,B…" };
    private static readonly Option<bool> PlanOnly = new("--plan") { Description = "Only show what would happen" };

    public static Verb Node(Surroundings around)
    {
        var node = new Option<string>("--node", "-n") { Description = "Which node", Required = true, HelpName = "NAME" };
        node.CompletionSources.Add(c => Known.Nodes(c, around));
        var cluster = Shared.Cluster(around, "Which cluster; found by the node's name");
        return Make("node-task", "Run one task on one node", true, around,
            [("node-task --node scylla-messages-stg-us-east1-b-1 scylla-drain", ""), ("node-task -n scylla-messages-stg-us-east1-b-1 systemd-start-service -i service=scylla-server", "")],
            [node, cluster],
            async (parsed, tag, bot, ct) =>
            {
                var name = parsed.GetRequiredValue(node);
                var of = parsed.GetValue(cluster) is { } given ? await ClusterNames.CanonicalAsync(given, bot, ct) : await ClusterNames.OfNodeAsync(name, bot, ct);
                return new TaskForm(tag, of) { Node = name };
            });
    }

    public static Verb OfCluster(Surroundings around)
    {
        var cluster = Shared.Cluster(around, "Which cluster", required: true);
        return Make("cluster-task", "Run one task on a cluster", false, around,
            [("cluster-task --cluster messages-prd get-repair-status", "")], [cluster],
            async (parsed, tag, bot, ct) => new TaskForm(tag, await ClusterNames.CanonicalAsync(parsed.GetRequiredValue(cluster), bot, ct)));
    }

    private static Verb Make(
        string name, string description, bool needsNode, Surroundings around, (string, string)[] examples, Option[] where,
        Func<ParseResult, string, BotClient, CancellationToken, Task<TaskForm>> form)
    {
        var tag = new Argument<string>("task") { HelpName = "task", Description = "Its tag (task list)" };
        tag.CompletionSources.Add(_ => TaskVerbs.Tags(needsNode ? null : false));
        var under = new Option<string?>("--under") { Description = "Under this job's lease instead of one of its own", HelpName = "JOB" };
        under.CompletionSources.Add(c => Known.Jobs(c, around));
        var verb = new Verb(name, description) { Examples = [.. examples], Arguments = { tag } };
        foreach (var option in where.Concat([Inputs, Shared.Reason, KnownDown, under, PlanOnly, Consent.Confirm, RunVerbs.Detach, Watching.OnHalt]))
        {
            verb.Add(option);
        }

        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var asked = await form(parsed, parsed.GetRequiredValue(tag).TrimStart('!'), bot, ct) with
            {
                Inputs = RunOptions.Pairs(parsed.GetValue(Inputs) ?? [], "--input"), Reason = parsed.GetValue(Shared.Reason) ?? "", Under = parsed.GetValue(under),
                KnownDown = RunOptions.Words(parsed, KnownDown),
            };
            var plan = await bot.SendAsync<PlanView>(ControlRoutes.PlanTask, [], asked, ct);
            if (parsed.GetValue(PlanOnly))
            {
                return await Show.Paper.PictureAsync(around, parsed, plan, () => PlanPicture.Of(plan));
            }

            await Consent.ToStartAsync(plan, parsed, around, asksAlways: false, ct);
            return await RunVerbs.StartAsync(plan, bot, parsed, around, isOneOff: true, ct);
        });
    }
}

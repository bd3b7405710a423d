using System.CommandLine.Completions;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Offline;

namespace Scyllactl;

/// <summary>What Tab offers: asked of the bot, shortly. Without a bot there is nothing, or what the files say; never an error.</summary>
internal static class Known
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Workflows(CompletionContext context, Surroundings around) =>
        Ask(context, around, async (bot, ct) => (await bot.AskAsync<WorkflowList>(ControlRoutes.Workflows, [], ct)).Workflows.Select(w => w.Name)) is [_, ..] known
            ? known : WorkflowVerbs.Names(around);

    public static IEnumerable<string> Clusters(CompletionContext context, Surroundings around) =>
        Ask(context, around, async (bot, ct) => (await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct)).Clusters.Select(c => c.Name));

    /// <summary>What stands before the last comma of a list stays.</summary>
    public static IEnumerable<string> Nodes(CompletionContext context, Surroundings around)
    {
        var begun = context.WordToComplete[..(context.WordToComplete.LastIndexOf(',') + 1)];
        return Ask(context, around, async (bot, ct) =>
        {
            var clusters = (await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct)).Clusters.Select(c => c.Name).ToArray();
            var named = context.ParseResult.Tokens.Select(t => t.Value).Where(clusters.Contains).ToArray();
            var views = await Task.WhenAll((named is [] ? clusters : named).Select(c => bot.AskAsync<ClusterView>(ControlRoutes.Cluster, [c], ct)));
            return views.SelectMany(v => v.Nodes).Select(n => begun + n.Name);
        });
    }

    public static IEnumerable<string> Jobs(CompletionContext context, Surroundings around) =>
        Ask(context, around, async (bot, ct) => (await bot.AskAsync<JobList>(ControlRoutes.Jobs, [], ct, ("all", "true"))).Jobs.Select(j => j.Id));

    private static IReadOnlyList<string> Ask(CompletionContext context, Surroundings around, Func<BotClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        using var timer = new CancellationTokenSource(Patience);
        try
        {
            using var bot = BotClient.Of(context.ParseResult, around);

            // The parser asks for completions synchronously, and the program ends right after.
            return [.. Task.Run(() => ask(bot, timer.Token), timer.Token).GetAwaiter().GetResult()];
        }
        catch (Exception nothing) when (nothing is StopException or OperationCanceledException)
        {
            return [];
        }
    }
}

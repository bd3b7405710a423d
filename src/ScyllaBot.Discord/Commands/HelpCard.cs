using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>Teaches by example, with names that really exist here.</summary>
internal static class HelpCard
{
    public static Notice Of(IJobControl control, Rights rights)
    {
        var cluster = Markup.Code(control.Inventory.Clusters.FirstOrDefault()?.Name ?? "CLUSTER", 60);
        var workflow = Markup.Code(control.Choices.Workflows.Select(w => w.Name).FirstOrDefault() ?? "WORKFLOW", 60);
        return NoticeLimits.Fit(new Notice(Severity.Info, "ScyllaBot in a minute")
        {
            Body = "Every run begins as a plan that only you see: which nodes, in which order, and the proof that "
                + "no range loses its quorum. "
                + "Nothing happens before you press **Start**. From then on the job's card in the channel shows where it stands, "
                + "its thread holds the log, and you are called when a human is needed.",
            Parts =
            [
                new("Look first", $"`/scp clusters`\n`/scp plan` workflow {workflow} cluster {cluster}"),
                new("Run it", $"`/scp run` workflow {workflow} cluster {cluster} zone `dc/rack`, or nodes `one two`; "
                    + "vars `name=value other=\"two words\"`. Every option completes while you type."),
                new("Watch",
                    "`/scp jobs`, `/scp job`, and `/scp why` for what a job waits for: numbers, window, and why not another node."),
                new("Steer", "`/scp pause` and `/scp abort` let nodes that are down finish first, so nobody is left lying. "
                    + "`/scp resume`, `/scp retry`, `/scp skip` go on from there; `/scp answer` says what a job asks. The buttons on a card do the same."),
                new("One thing only",
                    $"`/scp node-task` and `/scp cluster-task` run a single task on {cluster} with the same plan, approval and record."),
                new("Workflows here", TextLines.Of(control.Choices.Workflows.Select(w =>
                    $"{Markup.Code(w.Name, 60)} {Markup.Escape(w.Description, 120)}"), 1000)),
                new("You may", rights.ToString()),
            ],
        });
    }
}

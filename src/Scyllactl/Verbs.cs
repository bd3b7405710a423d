using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Scyllactl.Clusters;
using Scyllactl.Fleet;
using Scyllactl.Jobs;
using Scyllactl.Offline;

namespace Scyllactl;

/// <summary>All verbs. What stands here is what help, completion and docs/scyllactl.md show.</summary>
internal static class Verbs
{
    public static RootCommand Of(Surroundings around)
    {
        var root = new RootCommand("Runs ScyllaDB clusters safely, through the ScyllaBot that runs beside it. Closing the terminal never stops a job.");
        foreach (var option in new Option[] { Shared.Output, Shared.Socket, Shared.Url, Shared.TokenFile, Shared.NoLive })
        {
            root.Add(option);
        }

        foreach (var verb in All(around))
        {
            root.Add(verb);
        }

        var help = new HelpOption("--help", "-h") { Description = "What a verb does, with examples" };
        help.Action = new TeachingHelp((SynchronousCommandLineAction)help.Action!);
        foreach (var plain in root.Options.OfType<HelpOption>().ToArray())
        {
            root.Options.Remove(plain);
        }

        root.Add(help);

        return root;
    }

    private static IEnumerable<Command> All(Surroundings around) =>
    [
        JobVerbs.Of(around),
        OneOffVerbs.Node(around),
        OneOffVerbs.OfCluster(around),
        ClusterVerbs.Of(around),
        FleetVerbs.TakeOver(around),
        FleetVerbs.HandBack(around),
        FleetVerbs.Unlock(around),
        FleetVerbs.HaltAll(around),
        FleetVerbs.Debts(around),
        FleetVerbs.History(around),
        FleetVerbs.Bot(around),
        WorkflowVerbs.Of(around),
        TaskVerbs.Of(around),
        HostVerbs.Inventory(around),
        HostVerbs.Doctor(around),
        CompletionVerb.Of(around),
    ];
}

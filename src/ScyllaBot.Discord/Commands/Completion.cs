using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Cards;

namespace ScyllaBot.Discord.Commands;

/// <summary>Completion of options from memory only: it has to answer at once, and nothing it offers is believed on submit.</summary>
internal sealed class Completion(IJobControl control)
{
    public ImmutableArray<(string Name, string Value)> For(CommandCall call) => call.Focused switch
    {
        "workflow" => Match(call.Text("workflow"), control.Choices.Workflows.Select(w => (Label(w.Name, w.Description), w.Name))),
        "cluster" => Match(call.Text("cluster"),
            control.Inventory.Clusters.Select(c => ($"{c.Name} ({c.Environment}, {c.Nodes.Length} nodes)", c.Name))),
        "node" => Match(call.Text("node"), Nodes(call).Select(n => (n, n))),
        "what" => Match(call.Text("what"), control.Inventory.Clusters.Select(c => (c.Name, c.Name)).Concat(OpenJobs)),
        "under" => Match(call.Text("under"), OpenJobs),
        "nodes" when call.Name == "handback" => MatchLast(call.Options["nodes"], (_, _) =>
            Nodes(call).SelectMany(n => new[] { $"{n}={HandbackChoice.Done}", $"{n}={HandbackChoice.Redo}", $"{n}={HandbackChoice.Skip}" }).Select(n => (n, n))),
        "nodes" or "known_down" => MatchLast(call.Options[call.Focused], (before, _) => Left(Nodes(call), before)),
        "except" => MatchLast(call.Options["except"], (before, _) => Left(Nodes(call).Concat(Zones(call)), before)),
        "zone" => MatchLast(call.Options["zone"], (before, _) => Left(Zones(call), before)),
        "datacenter" => MatchLast(call.Options["datacenter"], (before, _) => Left(Datacenters(call), before)),
        "from_job" => Match(call.Text("from_job"), Earlier(call).Select(j => ($"{j.Id} {j.Outcome?.ToString() ?? j.State.ToString()}: {j.Title}", j.Id.Value))),
        "job" => Match(call.Text("job"), Jobs(call.Name).Select(j => ($"{j.Id} {j.State} {j.Cluster}: {j.Title}", j.Id.Value))),
        "task" => Match(call.Text("task"), Tasks(call.Name).Select(t => (Label(t.Tag, t.Title), t.Tag))),
        "vars" => MatchLast(call.Options["vars"], (before, last) => Variables(call, before, last)),
        _ => [],
    };

    private IEnumerable<(string Tag, string Title, ImmutableArray<string> Inputs)> Tasks(string command) =>
        command == "cluster-task" ? control.Choices.ClusterTasks : control.Choices.NodeTasks;

    private IEnumerable<JobSummary> Jobs(string command) =>
        command is "job" or "why"
            ? control.Choices.OpenJobs.Concat(control.Choices.RecentJobs).DistinctBy(j => j.Id)
            : control.Choices.OpenJobs;

    private IEnumerable<(string Label, string Value)> OpenJobs =>
        control.Choices.OpenJobs.Select(j => ($"{j.Id} {j.State} {j.Cluster}: {j.Title}", j.Id.Value));

    private IEnumerable<string> Nodes(CommandCall call) => Clusters(call).SelectMany(c => c.Nodes).Select(n => n.Name);

    private IEnumerable<string> Zones(CommandCall call) =>
        Clusters(call).SelectMany(c => c.Nodes).Select(n => n.Zone).Distinct().Order().Select(z => z.ToString());

    private IEnumerable<string> Datacenters(CommandCall call) =>
        Clusters(call).SelectMany(c => c.Nodes).Select(n => n.Zone.Datacenter).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private IEnumerable<JobSummary> Earlier(CommandCall call) =>
        control.Choices.RecentJobs.Where(j => call.Text("cluster").Length == 0 || j.Cluster == call.Text("cluster"));

    private static IEnumerable<(string Label, string Value)> Left(IEnumerable<string> all, string before) =>
        all.Except(NamedValues.List(before), StringComparer.Ordinal).Select(n => (n, n));

    private IEnumerable<Core.Clusters.Cluster> Clusters(CommandCall call) =>
        control.Inventory.Find(call.Text("cluster")) is { } cluster ? [cluster]
        : control.Choices.OpenJobs.FirstOrDefault(j => j.Id.Value == call.Text("job")) is { } job
            && control.Inventory.Find(job.Cluster) is { } its ? [its]
        : control.Inventory.Clusters;

    private IEnumerable<(string Label, string Value)> Variables(CommandCall call, string before, string last)
    {
        if (last.Contains('=', StringComparison.Ordinal))
        {
            return [];
        }

        var given = NamedValues.Parse(before).Values;
        var all = call.Name is "node-task" or "cluster-task"
            ? Tasks(call.Name).Where(t => t.Tag == call.Text("task")).SelectMany(t => t.Inputs).Select(i => (i, $"{i}="))
            : control.Choices.Workflows.Where(w => w.Name == call.Text("workflow")).SelectMany(w => w.Variables)
                .Select(v => (Label($"{v.Name}={v.Default}", v.Description), $"{v.Name}="));
        return all.Where(v => !given.ContainsKey(v.Item2[..^1]));
    }

    private static ImmutableArray<(string Name, string Value)> MatchLast(
        string typed, Func<string, string, IEnumerable<(string Label, string Value)>> choices)
    {
        var (before, last) = NamedValues.SplitLast(typed);
        return [.. Match(last, choices(before, last), before.Length).Select(c =>
            (Markup.Cut(before + c.Name, CardLimits.Choice), before + c.Value))];
    }

    /// <summary>Those that begin so first, then those that hold it.</summary>
    private static ImmutableArray<(string Name, string Value)> Match(string typed, IEnumerable<(string Label, string Value)> choices,
        int used = 0) =>
    [
        .. choices
            .Where(c => c.Value.Length > 0 && c.Value.Length + used <= CardLimits.Choice)
            .Where(c => c.Label.Contains(typed, StringComparison.OrdinalIgnoreCase)
                || c.Value.Contains(typed, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(c => c.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Take(CardLimits.Choices)
            .Select(c => (Markup.Cut(c.Label, CardLimits.Choice), c.Value)),
    ];

    private static string Label(string name, string more) => more.Length == 0 ? name : $"{name}: {more}";
}

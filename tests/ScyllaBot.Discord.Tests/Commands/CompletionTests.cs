using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

public sealed class CompletionTests
{
    private readonly FakeControl _control = new();

    [Fact]
    public void Offers_what_begins_so_before_what_only_holds_it()
    {
        _control.Workflows = [("restart-rolling", "", []), ("rolling", "", [])];
        Assert.Equal(["rolling", "restart-rolling"], Offer("run", "workflow", ("workflow", "rol")));
    }

    [Fact]
    public void Nodes_are_those_of_the_cluster_and_not_given_twice()
    {
        Assert.Equal(
            ["search-stg-a-1 search-stg-a-2", "search-stg-a-1 search-stg-a-3"],
            Offer("run", "nodes", ("cluster", "search-stg"), ("nodes", "search-stg-a-1 search-stg-a")));
        Assert.Equal(9, Offer("skip", "node", ("job", FakeControl.KnownJob.Value), ("node", "")).Length);
        Assert.Equal(["us-east1/a", "us-east1/b"], Offer("run", "zone", ("cluster", "search-stg"), ("zone", "")));
    }

    [Fact]
    public void Offers_at_most_25_of_at_most_100_characters()
    {
        _control.Workflows = [.. Enumerable.Range(0, 60).Select(i =>
            ($"w{i}" + new string('x', i * 2), new string('d', 200), ImmutableArray<Core.Workflows.Variable>.Empty))];
        var offered = new Completion(_control).For(Call("run", "workflow", ("workflow", "w")));
        Assert.Equal(25, offered.Length);
        Assert.All(offered, c => Assert.InRange(c.Name.Length, 1, 100));
        Assert.All(offered, c => Assert.InRange(c.Value.Length, 1, 100));
        Assert.Empty(Offer("run", "nodes", ("nodes", new string('n', 95) + " mess")));
    }

    [Fact]
    public void Variables_are_those_of_the_workflow_or_task()
    {
        Assert.Equal(["window=", "service="], Offer("run", "vars", ("workflow", "rolling-restart"), ("vars", "")));
        Assert.Equal(["service="], Offer("node-task", "vars", ("task", "systemd-start-service"), ("vars", "")));
        Assert.Empty(Offer("run", "vars", ("workflow", "rolling-restart"), ("vars", "window=2")));
        Assert.Empty(Offer("run", "no-such-option"));
    }

    private string[] Offer(string sub, string focused, params (string Name, string Value)[] options) =>
        [.. new Completion(_control).For(Call(sub, focused, options)).Select(c => c.Value)];

    private static CommandCall Call(string sub, string focused, params (string Name, string Value)[] options) =>
        new(sub, options.ToImmutableSortedDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal), focused);
}

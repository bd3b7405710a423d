using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

/// <summary>Options of <c>/scp run</c> and <c>/scp plan</c> → what the engine is asked for.</summary>
public sealed class RequestsTests
{
    [Theory]
    [InlineData("a-1 a-2")]
    [InlineData("a-1,a-2")]
    [InlineData("a-1, a-2")]
    [InlineData("a-1,\\ a-2")]
    [InlineData(" a-1 ,\ta-2, a-1 ")]
    public void Nodes_are_separated_as_people_and_the_articles_command_line_do(string typed) =>
        Assert.Equal(["a-1", "a-2"], ((Target.Named)Of(("nodes", typed)).Target).Nodes.ToArray());

    [Fact]
    public void Every_option_reaches_the_request()
    {
        var request = Of(
            ("workflow", "w"), ("cluster", "c"), ("zone", "dc/a, dc/b"), ("except", "n-*,dc/b"), ("limit", "3"), ("stop_after", "5"), ("known_down", "n-9 n-8"),
            ("from_job", "01JOB"), ("only", "failed"), ("vars", "x=1"), ("reason", "because"));
        Assert.Equal(["dc/a", "dc/b"], ((Target.Union)request.Target).Parts.Cast<Target.InZone>().Select(z => z.Zone));
        Assert.Equal(["n-*", "dc/b"], request.Except.ToArray());
        Assert.Equal((3, 5), (request.Limit, request.StopAfter));
        Assert.Equal(["n-9", "n-8"], request.KnownDown.ToArray());
        Assert.Equal(new FromJob(new JobId("01JOB"), JobShare.Failed), request.From);
        Assert.Equal(("w", "c", "because", "1"), (request.Workflow, request.Cluster, request.Reason, request.Variables["x"]));
    }

    [Fact]
    public void What_is_not_given_is_everything()
    {
        var request = Of();
        Assert.IsType<Target.All>(request.Target);
        Assert.Null(request.Limit ?? request.StopAfter);
        Assert.Null(request.From);
        Assert.Empty(request.Except);
        Assert.Equal("dc", Assert.IsType<Target.InDatacenter>(Of(("datacenter", "dc")).Target).Datacenter);
        Assert.Equal(JobShare.NotDone, Of(("from_job", "J")).From!.Share);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var (request, wrong) = Requests.Run(Call(("nodes", "a"), ("zone", "b"), ("limit", "0"), ("stop_after", "many"), ("only", "failed"), ("vars", "x")), "1");
        Assert.Null(request);
        Assert.Equal(
            [
                "'x' is not name=value", "Give nodes, a zone or a datacenter, not several of them; except narrows each.", "limit is a whole number, at least 1.",
                "stop_after is a whole number, at least 1.", "only goes with from_job: say which job's nodes are meant.",
            ],
            wrong.ToArray());
        Assert.Contains("not-done or failed", Assert.Single(Requests.Run(Call(("from_job", "J"), ("only", "some")), "1").Wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_and_plan_take_the_same_options()
    {
        var subs = CommandDefinition.Build().Single()!["options"]!.AsArray();
        string[] Names(string sub) => [.. subs.Single(s => s!["name"]!.ToString() == sub)!["options"]!.AsArray().Select(o => o!["name"]!.ToString())];
        Assert.Equal(Names("run"), Names("plan"));
        Assert.Superset(
            new HashSet<string>(
                ["workflow", "cluster", "nodes", "zone", "datacenter", "except", "limit", "stop_after", "vars", "reason", "known_down", "from_job", "only"], StringComparer.Ordinal),
            Names("run").ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_of_them_completes()
    {
        Assert.Equal(["us-east1"], Offer("datacenter", ""));
        Assert.Equal(["us-east1/a,us-east1/b"], Offer("zone", "us-east1/a,us"));
        Assert.Contains("us-east1/a", Offer("except", "us"));
        Assert.Contains("search-stg-a-1", Offer("except", "sea"));
        Assert.Contains("search-stg-b-1 search-stg-a-1", Offer("known_down", "search-stg-b-1 search-stg-a"));
        Assert.Empty(Offer("from_job", ""));
        Assert.Equal([FakeControl.KnownJob.Value], new Completion(new FakeControl()).For(
            Call(("cluster", "messages-stg"), ("from_job", "")) with { Focused = "from_job" }).Select(c => c.Value));
    }

    private static string[] Offer(string focused, string typed) =>
        [.. new Completion(new FakeControl()).For(Call(("cluster", "search-stg"), (focused, typed)) with { Focused = focused }).Select(c => c.Value)];

    private static RunRequest Of(params (string Name, string Value)[] options)
    {
        var (request, wrong) = Requests.Run(Call(options), "1");
        Assert.Empty(wrong);
        return request!;
    }

    private static CommandCall Call(params (string Name, string Value)[] options) =>
        new("run", options.ToImmutableSortedDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal), "");
}

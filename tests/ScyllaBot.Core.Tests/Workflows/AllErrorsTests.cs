namespace ScyllaBot.Core.Tests.Workflows;

public sealed class AllErrorsTests
{
    private const string TenMistakes = """
        nam: ten mistakes
        variables:
          - name: limit
            type: integer
            default: soon
        cluster_tasks:
          - task: !node-workflow
              name: n
              concurrency_limit: 0
              concurrency_unit: zones
              node_tasks:
                - task: !scylla-dain
                - task: !quorum-safe
                - task: !systemd-start-service
                  retries: a few
                - task: !wait-for-conditions
                    conditions:
                      - condition: !compactions-nominal
                        timeout_seconds: +limitt+
                        retries: 3
        """;

    [Fact]
    public void A_file_tells_all_its_errors_at_once_each_at_its_line()
    {
        var told = Written.Source(TenMistakes).Errors.Select(e => (e.Line, e.Message)).ToArray();
        (int Line, string Message)[] expected =
        [
            (1, "`workflow` has no `nam`"),
            (1, "`workflow` needs `name`: What the operator sees"),
            (5, "the default of `limit`: \"soon\" is not a whole number"),
            (9, "`concurrency_limit` must be between 1 and 1000, not \"0\""),
            (10, "`concurrency_unit` needs one of zone, zonal, datacenter, node, cluster, not \"zones\""),
            (12, "there is no !scylla-dain"),
            (13, "!quorum-safe does not fit here: it is a condition, and a task is needed; wait for it with !wait-for-conditions"),
            (14, "!systemd-start-service needs `service`: Unit to start, without the .service suffix"),
            (15, "`retries` needs a whole number, not \"a few\""),
            (19, "no variable is called +limitt+"),
            (20, "`conditions` has no `retries`"),
        ];
        Assert.Equal(expected, told);
        Assert.Equal("name", Written.Source(TenMistakes).Errors[0].Suggestion);
    }

    [Fact]
    public void Binding_a_file_with_errors_tells_the_same_ones() => Assert.Equal(
        Written.Source(TenMistakes).Errors.AsEnumerable(), Written.Errors(TenMistakes, ("limit", "3")));

    [Fact]
    public void Rules_are_told_beside_mistakes_of_spelling()
    {
        var errors = Written.Errors(Written.OnNodes(
            "- task: !scylla-drain\n  on_failure: continue\n- task: !nonsense\n- task: !wait-for-conditions\n    conditions: []"));
        Assert.Equal([6, 7, 9], errors.Select(e => e.Line));
    }

    [Fact]
    public void A_file_full_of_errors_tells_a_hundred_and_stops()
    {
        var text = "name: n\ncluster_tasks:\n" + string.Concat(Enumerable.Repeat("- task: !nonsense\n", 500));
        Assert.Equal(100, Written.Source(text).Errors.Length);
    }
}

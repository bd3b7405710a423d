using System.Collections.Immutable;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Scylla.Watching;

public sealed class OutsideTaskTests : IDisposable
{
    private readonly WatchBed _bed = new();
    private readonly Web _web = new();

    public OutsideTaskTests() => _bed.Cluster = _bed.Cluster with
    {
        Enables = ImmutableSortedSet.Create(StringComparer.Ordinal, "http-request:hooks.example", "http-request:hooks.example:8443", "http-secret:hooks.example:env:HOOK"),
    };

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("https://hooks.example/x", "X: env:ScyllaBot__Discord__Token", "does not enable http-secret:hooks.example:env:ScyllaBot__Discord__Token")]
    [InlineData("http://hooks.example/x", "X: env:HOOK", "secrets are sent over https only")]
    [InlineData("https://hooks.example/x", "Host: internal.example", "header Host is not sent")]
    public void A_secret_of_the_bots_goes_only_where_the_inventory_says(string url, string header, string says)
    {
        var refused = Assert.Throws<UnrecoverableException>(() => _bed.Do(() => new HttpRequest { Url = url, Headers = [header] }.ExecuteAsync(_bed.OfCluster() with { Http = _web }, CancellationToken.None)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_with_a_key_that_every_attempt_shares_and_secrets_by_reference()
    {
        Run(Post with { Headers = ["Authorization: Bearer env:HOOK", "X-Team: ops"] });
        _bed.Stamp = _bed.Stamp with { Attempt = 2 };
        Run(Post);

        var call = _web.Calls[0];
        Assert.Equal(("POST", "{\"a\":1}", "application/json"), (call.Method, System.Text.Encoding.UTF8.GetString(call.Body.Span), call.ContentType));
        Assert.Equal("Bearer {{secret env:HOOK}}", Header(call, "Authorization"));
        Assert.Equal("ops", Header(call, "X-Team"));
        Assert.Equal(["env:HOOK"], call.Secrets.Select(s => s.Text));
        Assert.Equal(["01JOB/1.2", "01JOB/1.2"], _web.Calls.Select(c => Header(c, "Idempotency-Key")));
        Assert.Null(call.Node);
    }

    [Theory]
    [InlineData("https://hooks.example/x", true), InlineData("https://hooks.example:8443/x", true)]
    [InlineData("https://hooks.example:9000/x", false), InlineData("https://evil.example/", false)]
    [InlineData("https://hooks.example.evil.example/", false), InlineData("https://hooks.example@evil.example/", false), InlineData("file:///etc/passwd", false)]
    public void Only_hosts_that_the_inventory_enables_are_asked(string url, bool isAllowed)
    {
        if (isAllowed)
        {
            Run(Post with { Url = url });
        }
        else
        {
            Assert.Throws<UnrecoverableException>(() => Run(Post with { Url = url }));
        }

        Assert.Equal(isAllowed ? 1 : 0, _web.Calls.Count);
    }

    [Theory]
    [InlineData(200, true, false), InlineData(204, true, false), InlineData(302, false, false), InlineData(404, false, false), InlineData(500, false, false)]
    [InlineData(429, false, true), InlineData(503, false, true)]
    public void A_status_that_was_not_expected_is_a_failure_and_a_redirect_is_not_followed(int status, bool isGood, bool isRecoverable)
    {
        _web.Status = status;
        var failure = Record.Exception(() => Run(Post));
        Assert.Equal((isGood, isRecoverable), (failure is null, failure is RecoverableException));
        Assert.Single(_web.Calls);
        if (status == 404)
        {
            Run(Post with { ExpectedStatus = [404] });
        }
    }

    [Fact]
    public void A_post_without_an_answer_is_not_repeated_unless_the_server_can_take_it()
    {
        _web.Failure = ExchangeFailure.NoAnswer;
        Assert.Throws<UnrecoverableException>(() => Run(Post));
        Assert.Throws<RecoverableException>(() => Run(Post with { Repeatable = true }));
        Assert.Throws<RecoverableException>(() => Run(Post with { Method = RequestMethod.Put }));
        _web.Failure = ExchangeFailure.NotConnected;
        Assert.Throws<RecoverableException>(() => Run(Post));
    }

    [Fact]
    public void A_human_is_asked_and_the_wrong_answer_halts()
    {
        var ask = new AskHuman { Message = "Cabled?", Choices = ["yes", "no"], GoOn = ["yes"] };
        _bed.Run(ask);
        var question = Assert.Single(_bed.Asked);
        Assert.Equal(("Cabled?", null), (question.Text, question.Pattern));
        Assert.Equal(["yes", "no"], question.Choices.AsEnumerable());
        Assert.Contains("Answered: yes", _bed.Log);

        _bed.Answer = "no";
        Assert.Equal("\"Cabled?\" was answered with \"no\"", Assert.Throws<UnrecoverableException>(() => _bed.Run(ask)).Message);
        _bed.Run(ask with { GoOn = [], Pattern = "[a-z]+" });
        Assert.Equal("[a-z]+", _bed.Asked[^1].Pattern);
    }

    [Theory]
    [InlineData("- task: !ask-human {message: a}\n    - task: !scylla-drain\n    - task: !wait-for-conditions {conditions: [{condition: !cluster-normal }]}", true)]
    [InlineData("- task: !scylla-drain\n    - task: !ask-human {message: a}\n    - task: !wait-for-conditions {conditions: [{condition: !cluster-normal }]}", false)]
    [InlineData("- task: !scylla-drain\n    - task: !wait-for-conditions {conditions: [{condition: !cluster-normal }]}\n    - task: !ask-human {message: a}", true)]
    [InlineData("- task: !scylla-drain\n    restore:\n    - task: !ask-human {message: a}", false)]
    public void R3_nobody_is_asked_while_a_node_is_down_by_us(string steps, bool isAllowed)
    {
        var source = WorkflowSource.Read("w.yaml", $"name: n\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    {steps}\n", TaskCatalog.Core);
        var errors = source.Bind(TestClusters.Values()) is WorkflowBinding.Bound ? "" : $"{source.Bind(TestClusters.Values())}";
        Assert.Equal(isAllowed, source.Errors.IsEmpty && errors.Length == 0);
    }

    private static HttpRequest Post => new() { Method = RequestMethod.Post, Url = "https://hooks.example/scylla", Body = "{\"a\":1}" };

    private void Run(HttpRequest request) =>
        _bed.Do(() => request.ExecuteAsync(_bed.OfCluster() with { Http = _web }, CancellationToken.None));

    private static string Header(HttpCall call, string name) => Assert.Single(call.Headers, h => h.Key == name).Value;

    private sealed class Web : IHttpExchange
    {
        public List<HttpCall> Calls { get; } = [];

        public int Status { get; set; } = 200;

        public ExchangeFailure? Failure { get; set; }

        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
        {
            Calls.Add(call);
            return Failure is { } failure ? throw new ExchangeException(failure, "broken") : Task.FromResult(new HttpAnswer(Status, [], default));
        }
    }
}

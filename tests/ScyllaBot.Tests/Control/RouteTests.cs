using System.Text.Json;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Tests.Control;

/// <summary>Real HTTP over a real Unix socket.</summary>
public sealed class RouteTests
{
    [Fact]
    public async Task Every_route_answers_with_what_the_table_says()
    {
        await using var rig = await ControlRig.StartAsync(($"Users:{ControlRig.Self}:0", "operate"), ($"Users:{ControlRig.Self}:1", "approve"), ($"ChatIds:{ControlRig.Self}", "none"));
        var plan = await PlanAsync(rig);
        foreach (var route in ControlRoutes.All.Where(r => !r.IsStream))
        {
            var (status, json) = await rig.SendAsync(RouteSamples.Of(route, plan));
            Assert.True(status == 200, $"{route.Name}: {status} {json}");
            Assert.NotNull(json.Deserialize(route.Answer, ControlJson.Answers));
        }

        // Each verb of the engine was reached by one of them; the two plans of one route were told apart.
        var verbs = typeof(IJobControl).GetMethods().Where(m => m.ReturnType == typeof(Task<Outcome>) || m.ReturnType == typeof(Task<PlanOutcome>))
            .Select(m => m.Name.Replace("Async", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(verbs, rig.Control.Asked.Select(a => a.Asked.Split(' ')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_verb_reaches_the_engine_as_it_was_asked_and_answers_message_job_and_state()
    {
        await using var rig = await ControlRig.StartAsync();
        var (status, json) = await rig.PostAsync(ControlRoutes.Retry.Url([NotedControl.KnownJob.Value]), new RetryForm { Extend = true });
        Assert.Equal(200, status);
        Assert.Equal(new VerbAnswer("I did: Retry", NotedControl.KnownJob.Value, JobState.Waiting), json.Deserialize<VerbAnswer>(ControlJson.Answers));
        var (by, asked) = Assert.Single(rig.Control.Asked);
        Assert.Equal($"Retry {NotedControl.KnownJob} True", asked);
        Assert.Equal(($"os:{ControlRig.Self}", "dba"), (by.Person.Id, by.Channel));
        var (who, said, decision) = Assert.Single(rig.Control.Audit);
        Assert.Equal((by.Person, "control", "done: I did: Retry"), (who.Person, who.Channel, decision));
        Assert.StartsWith($"POST /v1/jobs/{NotedControl.KnownJob}/retry", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_engine_refuses_is_a_problem_with_its_sentence()
    {
        await using var rig = await ControlRig.StartAsync();
        rig.Control.Answers = _ => Task.FromResult<Outcome>(new Outcome.Refused("It has ended."));
        var (status, json) = await rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]));
        Assert.Equal((409, "It has ended."), (status, json.Deserialize<Problem>(ControlJson.Answers)!.Detail));
        Assert.Equal("refused: It has ended.", Assert.Single(rig.Control.Audit).Decision);
        Assert.Equal(404, (await rig.PostAsync(ControlRoutes.Pause.Url(["NOSUCHJOB"]))).Status);
        Assert.Equal(404, (await rig.GetAsync(ControlRoutes.Job.Url(["NOSUCHJOB"]))).Status);
        Assert.Equal(404, (await rig.GetAsync(ControlRoutes.Watch.Url(["NOSUCHJOB"]))).Status);
        Assert.Equal(404, (await rig.GetAsync("/v1/nothing.at.all")).Status);
    }

    [Theory]
    [InlineData("messges-stg", "There is no cluster \"messges-stg\"; did you mean messages-stg?")]
    [InlineData("kafka", "There is no cluster \"kafka\"; known: messages-stg.")]
    public async Task A_cluster_that_there_is_not_is_answered_with_the_one_that_was_meant(string named, string says)
    {
        await using var rig = await ControlRig.StartAsync();
        var (status, json) = await rig.GetAsync(ControlRoutes.Jobs.Url([], ("cluster", named)));
        Assert.Equal((404, says), (status, json.Deserialize<Problem>(ControlJson.Answers)!.Detail));
        var (_, most) = await rig.GetAsync(ControlRoutes.Jobs.Url([], ("cluster", new string('x', 3000))));
        Assert.InRange(most.Deserialize<Problem>(ControlJson.Answers)!.Detail.Length, 10, 300);
    }

    [Fact]
    public async Task R21_what_the_engine_refuses_because_of_who_asks_is_forbidden_and_not_refused()
    {
        await using var rig = await ControlRig.StartAsync();
        rig.Control.Answers = _ => Task.FromResult<Outcome>(new Outcome.Refused("You may not do that: it needs the approver right.") { IsForbidden = true });
        var (status, json) = await rig.PostAsync(ControlRoutes.Skip.Url([NotedControl.KnownJob.Value]), new NodeForm("alpha-a-1"));
        var problem = json.Deserialize<Problem>(ControlJson.Answers)!;
        Assert.Equal((403, Problems.Forbidden, "You may not do that: it needs the approver right."), (status, problem.Type, problem.Detail));
        Assert.Equal("refused: You may not do that: it needs the approver right.", Assert.Single(rig.Control.Audit).Decision);

        // Whoever may not is not told either which jobs there are.
        Assert.Equal(403, (await rig.PostAsync(ControlRoutes.Skip.Url(["NOSUCHJOB"]), new NodeForm("alpha-a-1"))).Status);
        rig.Control.Plans = _ => new PlanOutcome.Refused(["You may not look at plans."]) { IsForbidden = true };
        Assert.Equal(403, (await rig.SendAsync(RouteSamples.Of(ControlRoutes.Plan, ""))).Status);
        rig.Control.Plans = _ => new PlanOutcome.Refused(["No such workflow."]);
        Assert.Equal(409, (await rig.SendAsync(RouteSamples.Of(ControlRoutes.Plan, ""))).Status);
    }

    [Fact]
    public async Task What_breaks_inside_says_under_which_name_the_log_has_it_and_may_be_asked_again()
    {
        await using var rig = await ControlRig.StartAsync();
        var (done, id) = (rig.Control.Answers, Guid.NewGuid());
        rig.Control.Answers = _ => throw new InvalidOperationException("secret details");
        var (status, json) = await rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]), null, id);
        Assert.Equal(500, status);
        Assert.DoesNotContain("secret", json.ToString(), StringComparison.Ordinal);
        Assert.Contains(json.GetProperty("instance").GetString()!, json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("failed: ", Assert.Single(rig.Control.Audit).Decision, StringComparison.Ordinal);
        rig.Control.Answers = done;
        Assert.Equal(200, (await rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]), null, id)).Status);
    }

    [Theory]
    [InlineData("{", "application/json", 400, "The body is not what retry takes")]
    [InlineData("""{"extend":"yes"}""", "application/json", 400, "The body is not what retry takes")]
    [InlineData("""{"extnd":true}""", "application/json", 400, "extnd")]
    [InlineData("""{"extend":true,"extend":false}""", "application/json", 400, "The body is not what retry takes")]
    [InlineData("""{"extend":true}""", "text/plain", 400, "application/json")]
    [InlineData("null", "application/json", 400, "null")]
    public async Task A_body_that_can_not_be_read_is_refused_and_nothing_is_done(string body, string type, int status, string says)
    {
        await using var rig = await ControlRig.StartAsync();
        var request = ControlRig.Post(ControlRoutes.Retry.Url([NotedControl.KnownJob.Value]));
        request.Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        var (found, json) = await rig.SendAsync(request);
        Assert.Equal(status, found);
        Assert.Contains(says, json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(rig.Control.Asked);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_lacks_something_is_refused_and_nothing_is_done()
    {
        await using var rig = await ControlRig.StartAsync();
        var (status, _) = await rig.PostAsync(ControlRoutes.HaltAll.Url(), new ReasonForm(new string('x', 70_000)));
        Assert.Equal(413, status);
        Assert.Contains("reason", (await rig.PostAsync(ControlRoutes.HaltAll.Url())).Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, (await rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]), "{\"x\":1}")).Status);
        Assert.Equal(400, (await rig.GetAsync(ControlRoutes.Jobs.Url([], ("limit", "0")))).Status);
        Assert.Equal(400, (await rig.GetAsync(ControlRoutes.Job.Url([new string('x', 300)]))).Status);
        Assert.Empty(rig.Control.Asked);
    }

    [Fact]
    public async Task The_same_request_twice_is_done_once_and_answered_twice_also_at_the_same_time()
    {
        await using var rig = await ControlRig.StartAsync();
        var gate = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Control.Answers = _ => gate.Task;
        var (url, id) = (ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]), Guid.NewGuid());
        var both = new[] { rig.PostAsync(url, null, id), rig.PostAsync(url, null, id) };
        gate.SetResult(new Outcome.Done(NotedControl.KnownJob, "It pauses."));
        foreach (var one in both)
        {
            Assert.Equal("It pauses.", (await one).Json.GetProperty("message").GetString());
        }

        Assert.Equal("It pauses.", (await rig.PostAsync(url, null, id)).Json.GetProperty("message").GetString());
        Assert.Single(rig.Control.Asked);
        Assert.Single(rig.Control.Audit);
        var (status, json) = await rig.PostAsync(ControlRoutes.Resume.Url([NotedControl.KnownJob.Value]), null, id);
        Assert.Equal(400, status);
        Assert.Contains("another request", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_without_an_id_is_refused()
    {
        await using var rig = await ControlRig.StartAsync();
        foreach (var id in new[] { null, "", "17" })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, ControlRoutes.Lift.Url());
            if (id is not null)
            {
                request.Headers.TryAddWithoutValidation(ControlRoutes.RequestId, id);
            }

            // Lift needs the approver right, so the id is looked at first.
            var (status, json) = await rig.SendAsync(request);
            Assert.Equal(400, status);
            Assert.Contains(ControlRoutes.RequestId, json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R15_a_plan_starts_only_with_the_hash_that_was_shown_and_only_for_its_author()
    {
        await using var rig = await ControlRig.StartAsync();
        var plan = await PlanAsync(rig);
        var (status, _) = await rig.PostAsync(ControlRoutes.Start.Url([plan]), new StartForm("another"));
        Assert.Equal(409, status);
        Assert.Equal(404, (await rig.PostAsync(ControlRoutes.Start.Url([Guid.NewGuid().ToString()]), new StartForm("0123456789abcdef"))).Status);
        Assert.DoesNotContain(rig.Control.Asked, a => a.Asked.StartsWith("Start", StringComparison.Ordinal));
        Assert.Equal(200, (await rig.PostAsync(ControlRoutes.Start.Url([plan]), new StartForm("0123456789abcdef") { Reason = "other" })).Status);
        Assert.Equal($"{ControlRig.Self}/{plan}", Assert.Single(rig.Control.Asked, a => a.Asked.StartsWith("Start", StringComparison.Ordinal)).Asked.Split("RequestId = ")[1].Split(',')[0]);
    }

    [Fact]
    public async Task The_document_describes_every_route_and_each_of_its_references_leads_somewhere()
    {
        await using var rig = await ControlRig.StartAsync();
        var json = await rig.Http.GetStringAsync(ControlRoutes.OpenApi);
        using var document = JsonDocument.Parse(json);
        foreach (var route in ControlRoutes.All)
        {
            Assert.Equal(route.Name, document.RootElement.GetProperty("paths").GetProperty(route.Pattern).GetProperty(route.Method.ToLowerInvariant()).GetProperty("operationId").GetString());
        }

        var references = json.Split("\"$ref\": \"")[1..].Select(r => r[..r.IndexOf('"', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var at = document.RootElement;
            foreach (var part in reference.Split('/')[1..])
            {
                at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(part)] : at.GetProperty(part);
            }
        }

        var file = Path.Combine(SourceTree.Root, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, json);
        }

        Assert.Equal(json, await File.ReadAllTextAsync(file));
    }

    internal static async Task<string> PlanAsync(ControlRig rig)
    {
        var (status, json) = await rig.SendAsync(RouteSamples.Of(ControlRoutes.Plan, ""));
        Assert.True(status == 200, json.ToString());
        return json.GetProperty("id").GetString()!;
    }
}

using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Jobs;

/// <summary>Each verb asks for its own route with its own form, and prints the bot's answer.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready();

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    [Theory]
    [InlineData("job pause J", "/v1/jobs/J/pause", "")]
    [InlineData("job resume J", "/v1/jobs/J/resume", "")]
    [InlineData("job retry J", "/v1/jobs/J/retry", """{"extend":false}""")]
    [InlineData("job retry J --extend", "/v1/jobs/J/retry", """{"extend":true}""")]
    [InlineData("job skip J", "/v1/jobs/J/skip", "{}")]
    [InlineData("job skip J --node n", "/v1/jobs/J/skip", """{"node":"n"}""")]
    [InlineData("job restore J -n n", "/v1/jobs/J/restore", """{"node":"n"}""")]
    [InlineData("job abort J --now", "/v1/jobs/J/abort", """{"now":true}""")]
    [InlineData("job ack J", "/v1/jobs/J/acknowledge", "")]
    [InlineData("job tune J --limit 1 --stop-after 4", "/v1/jobs/J/tune", """{"limit":1,"stop_after":4}""")]
    [InlineData("job owner J alice", "/v1/jobs/J/owner", """{"to":"alice"}""")]
    [InlineData("job answer J yes", "/v1/jobs/J/answer", """{"answer":"yes"}""")]
    [InlineData("unlock J --reason gone", "/v1/jobs/J/unlock", """{"reason":"gone"}""")]
    [InlineData("unlock messages-stg --reason gone", "/v1/clusters/messages-stg/unlock", """{"reason":"gone"}""")]
    [InlineData("job way-out J --node n", "/v1/jobs/J/way-out", """{"node":"n"}""")]
    [InlineData("takeover messages-stg -r disk", "/v1/takeover", """{"what":"messages-stg","reason":"disk"}""")]
    [InlineData("handback J --node a=done --node b=redo --others skip", "/v1/jobs/J/handback", """{"nodes":{"a":"done","b":"redo"},"others":"skip"}""")]
    [InlineData("halt-all --reason load", "/v1/halt-all", """{"reason":"load"}""")]
    [InlineData("halt-all --lift", "/v1/lift", "")]
    [InlineData("debts --pay d1 --reason done", "/v1/debts/d1/pay", """{"reason":"done"}""")]
    public async Task A_verb_sends_its_form_and_prints_the_answer(string line, string url, string body)
    {
        foreach (var route in ControlRoutes.All.Where(r => r.Answer == typeof(VerbAnswer)))
        {
            _bot.Answers(route, new VerbAnswer("So it is.", null, null));
        }

        var said = await new Prompt(_bot.Socket).SayAsync(line.Split(' '));

        Assert.Equal((ExitCodes.Done, "So it is.\n", ""), (said.Code, said.Out, said.Errors));
        var (method, asked, sent, _, _) = Assert.Single(_bot.Asked);
        Assert.Equal(("POST", url, body), (method, asked, sent));
    }

    [Fact]
    public async Task What_the_bot_says_names_what_can_be_typed_here_also_when_it_refuses()
    {
        _bot.Answers(ControlRoutes.Unlock, new VerbAnswer("It may only be ended (/scp abort).", "1KG2", null))
            .Refuses(ControlRoutes.Resume, Problems.Refused, "Its lease was taken away: end it (/scp abort).")
            .Answers(ControlRoutes.Why, new WhyAnswer("1KG4", ["It is paused at a safe point; /scp resume goes on."], null));

        Assert.Equal("It may only be ended (`scyllactl job abort 1KG2`).\n", (await new Prompt(_bot.Socket).SayAsync("unlock", "1KG2", "--reason", "x")).Out);
        Assert.Equal("Its lease was taken away: end it (`scyllactl job abort 1KG3`).\n", (await new Prompt(_bot.Socket).SayAsync("job", "resume", "1KG3")).Errors);
        Assert.Equal("It is paused at a safe point; `scyllactl job resume 1KG4` goes on.\n", (await new Prompt(_bot.Socket).SayAsync("job", "why", "1KG4")).Out);

        // Programs read the bot's own words.
        Assert.Contains("/scp resume", (await new Prompt(_bot.Socket).SayAsync("job", "why", "1KG4", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job approve J", null, true, "start", "")]
    [InlineData("job refuse J --why late", null, false, "start", "late")]
    [InlineData("job approve J --key 1.2", null, true, "1.2", "")]
    public async Task The_only_open_question_is_meant_unless_one_is_named(string line, string? typed, bool approve, string key, string why)
    {
        _bot.Answers(ControlRoutes.Job, Samples.Job with { Approvals = [Asked("start", null)] }).Answers(ControlRoutes.Decide, new VerbAnswer("ok", null, null));

        var said = await new Prompt(_bot.Socket) { Typed = typed }.SayAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal($$"""{"key":"{{key}}","approve":{{(approve ? "true" : "false")}},"why":"{{why}}"}""", _bot.Asked.Last().Body);
    }

    [Theory]
    [InlineData(null, "", false)]
    [InlineData(null, "--confirm messages-prd", true)]
    [InlineData("messages-prd", "", true)]
    [InlineData("yes", "", false)]
    public async Task R17_an_approval_that_can_not_be_undone_wants_the_clusters_name(string? typed, string more, bool sent)
    {
        _bot.Answers(ControlRoutes.Job, Samples.Job with { Approvals = [Asked("start", "messages-prd")] }).Answers(ControlRoutes.Decide, new VerbAnswer("ok", null, null));

        var said = await new Prompt(_bot.Socket) { Typed = typed }.SayAsync($"job approve J {more}".Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((sent ? ExitCodes.Done : ExitCodes.Refused, sent), (said.Code, _bot.Asked.Any(a => a.Body.Contains("\"why\":\"messages-prd\"", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Of_several_questions_one_must_be_named()
    {
        _bot.Answers(ControlRoutes.Job, Samples.Job with { Approvals = [Asked("start", null), Asked("1.2@n", null)] });

        var said = await new Prompt(_bot.Socket).SayAsync("job", "approve", "J");

        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("--key start or --key 1.2@n", said.Errors);
    }

    [Fact]
    public async Task Lists_are_tables_for_people_and_the_bots_own_document_for_programs()
    {
        _bot.Answers(ControlRoutes.Jobs, new JobList([new(Samples.JobId, "messages-stg", "rolling_restart", "Restart \u001bevery node", JobState.Running, null, Samples.Mara, Samples.At, Samples.At, 9, 1)], null));

        var text = await new Prompt(_bot.Socket).SayAsync("job", "list", "--all", "--limit", "5", "--cluster", "messages-stg");
        var json = await new Prompt(_bot.Socket).SayAsync("job", "list", "-o", "json");

        Assert.Equal(
            """
            JOB             STATE    CLUSTER       TITLE               NODES  HELD  BY    SINCE
            01JD7Q2M9K3XYZ  running  messages-stg  Restart every node  9      1     mara  2026-01-28 18:29:02Z

            """, text.Out);
        Assert.Equal("/v1/jobs?cluster=messages-stg&all=true&limit=5", _bot.Asked.First().Url);
        Assert.Contains("\"state\": \"running\"", json.Out);
    }

    [Fact]
    public async Task A_job_that_has_ended_ends_in_no_line_of_blanks()
    {
        _bot.Answers(ControlRoutes.Job, Samples.Succeeded with
        {
            Steps = [new("1", null, "", StepStatus.Started, 1, Samples.At, Samples.At, null, null)],
            Nodes = [.. Samples.Job.Nodes.Select(n => n with { Step = null, State = NodeProgressState.Done })],
        });

        var said = await new Prompt(_bot.Socket).SayAsync("job", "show", Samples.JobId);

        Assert.All(said.Out.TrimEnd('\n').Split('\n'), l => Assert.NotEqual("", l.Trim()));
    }

    [Theory]
    [InlineData(true, ExitCodes.Done, "SAFE: ")]
    [InlineData(false, ExitCodes.Failed, "NOT SAFE: discord would keep 1 of 3")]
    public async Task Safe_answers_in_its_exit_code_too(bool safe, int code, string says)
    {
        _bot.Answers(ControlRoutes.Safe, new SafeAnswer("messages-stg", [Samples.Node], safe, safe ? null : "discord would keep 1 of 3", [], [], true, false, 432, []));

        var said = await new Prompt(_bot.Socket).SayAsync("cluster", "safe", Samples.Node);

        Assert.Equal(code, said.Code);
        Assert.StartsWith(says, said.Out);
        Assert.Equal($"/v1/clusters/messages-stg/safe?nodes={Samples.Node}", _bot.Asked.Last().Url);
    }

    [Theory]
    [InlineData("job run --cluster mess", "messages-stg")]
    [InlineData("job run w --cluster messages-stg --nodes scylla-messages-stg-us-east1-b-1,scylla", "scylla-messages-stg-us-east1-b-1,scylla-messages-stg-us-east1-c-1")]
    [InlineData("node-task scylla-dr", "scylla-drain")]
    [InlineData("job pau", "pause")]
    public async Task Tab_offers_what_the_bot_and_the_catalogue_know(string typed, string offered)
    {
        var line = $"scyllactl {typed}";

        var said = await new Prompt(_bot.Socket).SayAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(offered, said.Out.Split('\n').Select(l => l.Trim()));
    }

    [Fact]
    public async Task Tab_without_a_bot_offers_nothing_and_complains_of_nothing()
    {
        await _bot.DieAsync();

        var said = await new Prompt(_bot.Socket).SayAsync("[suggest:29]", "scyllactl job run --cluster me");

        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Errors));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _scyllactl scyllactl")]
    [InlineData("zsh", "compdef _scyllactl scyllactl")]
    [InlineData("fish", "complete -f -c scyllactl")]
    public async Task Each_shell_has_its_script(string shell, string line)
    {
        Assert.Contains(line, (await new Prompt().SayAsync("completion", shell)).Out);
    }

    private static JobApproval Asked(string key, string? confirm) => new(key, "Restart", ApprovalStanding.Open, 1, [], [], Samples.At, confirm, null, null, false);
}

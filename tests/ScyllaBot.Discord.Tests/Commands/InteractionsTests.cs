using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

public sealed class InteractionsTests
{
    private static readonly string Job = FakeControl.KnownJob.Value;

    [Fact]
    public void A_command_is_acknowledged_first_and_privately() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.CommandAsync("pause", new JsonObject { ["job"] = Job });

        Assert.Equal("""{"type":5,"data":{"flags":64}}""", rig.Rest.Body(0).ToJsonString());
        Assert.EndsWith("/webhooks/7/itoken/messages/@original", rig.Rest.Calls[1].Call.Uri.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal([$"pause {Job}"], rig.Control.Asked);
    });

    [Theory]
    [InlineData("""{"code":10062,"message":"Unknown interaction"}""", 404)]
    [InlineData("""{"code":40060,"message":"already acknowledged"}""", 400)]
    [InlineData("", 503)]
    public void What_could_not_be_acknowledged_is_not_done_but_on_record(string body, int status) => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        rig.Rest.Script(FakeRest.Of(status, body));
        await rig.PressAsync(new ChoiceId(ChoiceId.Abort, FakeControl.KnownJob, "").ToString());

        Assert.Empty(rig.Control.Asked);
        Assert.Single(rig.Rest.Calls);
        Assert.StartsWith("not done", Assert.Single(rig.Control.Audit).Decision, StringComparison.Ordinal);
    });

    [Fact]
    public void A_press_that_lay_about_is_answered_but_not_obeyed() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.PressAsync(new ChoiceId(ChoiceId.Abort, FakeControl.KnownJob, "").ToString(), late: TimeSpan.FromSeconds(2.6));

        Assert.Empty(rig.Control.Asked);
        Assert.Contains("too late", rig.Answers.Single()["content"]!.ToString(), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("100", "1", "10", "needs the Operate right")]
    [InlineData("999", "1", "10", "no role")]
    [InlineData("200", "2", "10", "own server")]
    [InlineData("200", "1", "11", "Not in this channel")]
    public void Guild_channel_and_role_are_checked_at_every_command(string role, string guild, string channel, string why) =>
        TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.CommandAsync("abort", new JsonObject { ["job"] = Job }, role, guild, channel);

        Assert.Empty(rig.Control.Asked);
        Assert.Contains(why, rig.Answers.Single()["content"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("refused", Assert.Single(rig.Control.Audit).Decision, StringComparison.Ordinal);
    });

    /// <summary>Every subcommand there is, with every right there is: on record whatever comes of it, and refused below its right.</summary>
    [Fact]
    public void R21_every_command_of_everybody_is_on_record_and_refused_below_its_right() => TestLoop.Run(async loop =>
    {
        var subs = CommandDefinition.Build().Single()!["options"]!.AsArray().Select(o => o!["name"]!.ToString()).ToArray();
        Assert.Contains("takeover", subs);
        foreach (var (role, rights) in new[] { ("999", Rights.None), ("100", Rights.Read), ("200", Rights.Operate), ("300", Rights.Approve) })
        {
            foreach (var sub in subs)
            {
                var rig = new InteractionRig(loop);
                await rig.CommandAsync(sub, new JsonObject { ["job"] = Job, ["what"] = "messages-stg", ["reason"] = "x", ["cluster"] = "messages-stg" }, role);
                var (by, said, decision) = Assert.Single(rig.Control.Audit);
                Assert.StartsWith($"/scp {sub}", said, StringComparison.Ordinal);
                Assert.Equal("42", by.Person.Id);
                var held = rights == Rights.None ? Rights.None : rights | Rights.Read;
                var needed = ScpCommand.Needs(sub);
                if ((held & needed) != needed)
                {
                    Assert.StartsWith("refused", decision, StringComparison.Ordinal);
                    Assert.Empty(rig.Control.Asked);
                }
                else
                {
                    Assert.DoesNotContain("right; you have", decision, StringComparison.Ordinal);
                }
            }
        }
    });

    [Theory]
    [InlineData("pause", Rights.Read)]
    [InlineData("halt-all", Rights.Read)]
    [InlineData("resume", Rights.Operate)]
    [InlineData("retry", Rights.Operate)]
    [InlineData("takeover", Rights.Operate)]
    [InlineData("handback", Rights.Operate)]
    [InlineData("owner", Rights.Operate)]
    [InlineData("tune", Rights.Operate)]
    [InlineData("unlock", Rights.Approve)]
    public void R21_what_a_command_needs(string sub, Rights needed) => Assert.Equal(needed, ScpCommand.Needs(sub));

    [Fact]
    public void The_commands_that_change_hands_reach_the_engine_as_they_were_typed() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.CommandAsync("takeover", new JsonObject { ["what"] = "messages-stg", ["reason"] = "new disks" });
        await rig.CommandAsync("handback", new JsonObject { ["job"] = Job, ["nodes"] = "n-1=done n-2=redo" });
        await rig.CommandAsync("handback", new JsonObject { ["job"] = Job });
        await rig.CommandAsync("unlock", new JsonObject { ["job"] = Job, ["reason"] = "gone" }, "300");
        await rig.CommandAsync("unlock", new JsonObject { ["cluster"] = "messages-stg", ["reason"] = "burned" }, "300");
        await rig.CommandAsync("unlock", new JsonObject { ["cluster"] = "messages-stg", ["job"] = Job, ["reason"] = "both" }, "300");
        await rig.CommandAsync("unlock", new JsonObject { ["reason"] = "neither" }, "300");
        await rig.CommandAsync("halt-all", new JsonObject { ["reason"] = "fire" }, "100");
        await rig.CommandAsync("halt-all", new JsonObject { ["lift"] = true }, "300");
        await rig.CommandAsync("tune", new JsonObject { ["job"] = Job, ["limit"] = 2, ["stop_after"] = 7 });
        await rig.CommandAsync("owner", new JsonObject { ["job"] = Job, ["user"] = "77" });
        Assert.Equal(
            ["takeover messages-stg new disks", $"handback {Job} n-1=done n-2=redo", $"handback {Job}", $"unlock {Job} gone", "unlock cluster messages-stg burned", "halt-all fire", "lift", $"tune {Job} 2 7"],
            rig.Control.Asked);
        Assert.Contains("did not say who that is", rig.Answers[^1]["content"]!.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void R21_a_new_owner_is_judged_by_the_roles_that_Discord_says_they_have() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        var data = new JsonObject
        {
            ["name"] = "scp",
            ["options"] = new JsonArray(new JsonObject
            {
                ["type"] = 1, ["name"] = "owner",
                ["options"] = new JsonArray(new JsonObject { ["name"] = "job", ["value"] = Job }, new JsonObject { ["name"] = "user", ["value"] = "77" }),
            }),
            ["resolved"] = new JsonObject
            {
                ["users"] = new JsonObject { ["77"] = new JsonObject { ["id"] = "77", ["username"] = "zoe" } },
                ["members"] = new JsonObject { ["77"] = new JsonObject { ["roles"] = new JsonArray("200") } },
            },
        };
        await rig.SendAsync(2, data, "200", "1", "10", "42");
        Assert.Equal([$"owner {Job} 77 Read, Operate"], rig.Control.Asked);
    });

    [Fact]
    public void R19_what_was_changed_by_hand_is_shown_with_a_button_for_each_thing_that_can_become_of_it() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        rig.Control.Compared = [new HandCompared("n-1", HandStatus.ChangedByHand, "generation 1, now 2"), new HandCompared("n-2", HandStatus.Untouched, "")];
        await rig.PressAsync(new ChoiceId(ChoiceId.Handback, FakeControl.KnownJob, "").ToString());
        Assert.Empty(rig.Control.Asked);
        Assert.Contains("generation 1, now 2", rig.Answers.Single().ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(3, rig.Answers.Single()["components"]![0]!["components"]!.AsArray().Count);
        await rig.PressAsync(new ChoiceId(ChoiceId.Handback, FakeControl.KnownJob, HandbackChoice.Redo).ToString());
        Assert.Equal([$"handback {Job}  redo"], rig.Control.Asked);
    });

    [Theory]
    [InlineData(ChoiceId.Pause, "", "100", "pause JOB")]
    [InlineData(ChoiceId.Ack, "", "100", "ack JOB")]
    [InlineData(ChoiceId.Resume, "", "200", "resume JOB")]
    [InlineData(ChoiceId.Retry, "", "200", "retry JOB False")]
    [InlineData(ChoiceId.Wait, "", "200", "retry JOB True")]
    [InlineData(ChoiceId.Restore, "n-1", "200", "restore JOB n-1")]
    [InlineData(ChoiceId.Skip, "n-1", "200", "skip JOB n-1")]
    [InlineData(ChoiceId.Abort, "now", "200", "abort JOB True")]
    [InlineData(ChoiceId.Approve, "1.2@n-1", "300", "decide JOB 1.2@n-1 True")]
    [InlineData(ChoiceId.Out, "n-1", "200", "way-out JOB n-1")]
    [InlineData(ChoiceId.Rejoin, "n-1", "200", "plan-rejoin JOB n-1")]
    public void Each_button_does_its_verb(string verb, string arg, string role, string asked) => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.PressAsync(new ChoiceId(verb, FakeControl.KnownJob, arg).ToString(), role);

        Assert.Equal(6, rig.Callbacks[0]["type"]!.GetValue<int>());
        Assert.Equal([asked.Replace("JOB", Job, StringComparison.Ordinal)], rig.Control.Asked);
        Assert.Equal(64, rig.Answers.Single()["flags"]!.GetValue<int>());
    });

    /// <summary>Whoever decides an approval is judged by the engine: by its approvers, and never its requester (R16).</summary>
    private static readonly Dictionary<string, Rights> Buttons = new(StringComparer.Ordinal)
    {
        [ChoiceId.Details] = Rights.Read, [ChoiceId.Pause] = Rights.Read, [ChoiceId.Ack] = Rights.Read,
        [ChoiceId.Approve] = Rights.Read, [ChoiceId.Confirm] = Rights.Read, [ChoiceId.Refuse] = Rights.Read, [ChoiceId.Glass] = Rights.Read,
        [ChoiceId.Resume] = Rights.Operate, [ChoiceId.Retry] = Rights.Operate, [ChoiceId.Wait] = Rights.Operate, [ChoiceId.Restore] = Rights.Operate,
        [ChoiceId.Skip] = Rights.Operate, [ChoiceId.Abort] = Rights.Operate, [ChoiceId.Answer] = Rights.Operate, [ChoiceId.Handback] = Rights.Operate,
        [ChoiceId.Out] = Rights.Operate, [ChoiceId.Rejoin] = Rights.Operate,
    };

    /// <summary>Every button there is, with every right there is: on record whatever comes of it, and refused below its right.</summary>
    [Fact]
    public void R21_every_button_of_everybody_is_on_record_and_refused_below_its_right() => TestLoop.Run(async loop =>
    {
        Assert.Equal(ChoiceId.Verbs.Order(StringComparer.Ordinal), Buttons.Keys.Order(StringComparer.Ordinal));
        foreach (var (role, rights) in new[] { ("999", Rights.None), ("100", Rights.Read), ("200", Rights.Operate), ("300", Rights.Approve) })
        {
            foreach (var (verb, needed) in Buttons)
            {
                var rig = new InteractionRig(loop);
                var id = new ChoiceId(verb, FakeControl.KnownJob, verb == ChoiceId.Answer ? "1.2@n-1=text" : verb == ChoiceId.Details ? "" : "n-1").ToString();
                await rig.PressAsync(id, role);
                Assert.Equal(needed, PressedButton.Needs(id));
                var held = rights == Rights.None ? Rights.None : rights | Rights.Read;
                if ((held & needed) != needed)
                {
                    Assert.True(rig.Control.Audit is [{ Decision: var decision }] && decision.StartsWith("refused", StringComparison.Ordinal), $"{verb} as {rights}");
                    Assert.Empty(rig.Control.Asked);
                }
                else if (PressedButton.AsksText(id))
                {
                    // A form first; what is typed into it is on record.
                    Assert.Equal(9, rig.Callbacks.Single()["type"]!.GetValue<int>());
                    await rig.SubmitAsync(id, "words", role);
                    Assert.True(rig.Control.Audit is [.., { Decision: var said }] && !said.Contains("right; you have", StringComparison.Ordinal), $"{verb} as {rights}");
                }
                else
                {
                    Assert.True(rig.Control.Audit is [{ Decision: var done }] && !done.StartsWith("refused", StringComparison.Ordinal), $"{verb} as {rights}");
                }
            }
        }
    });

    [Fact]
    public void A_readers_press_on_abort_is_refused() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.PressAsync(new ChoiceId(ChoiceId.Abort, FakeControl.KnownJob, "").ToString(), "100");
        Assert.Empty(rig.Control.Asked);
    });

    [Fact]
    public void A_questions_choice_is_sent_as_its_text_and_free_text_opens_a_form() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        var live = rig.Control.Live;
        var asked = new QuestionAsked(Samples.Now, new StepKey("2", null), "Which rack?", ["rack a", "rack b"], null);
        rig.Control.Live = live with { Job = live.Job with { Questions = live.Job.Questions.Add(asked.Key, new QuestionState(asked, null, null)) } };
        await rig.PressAsync(new ChoiceId(ChoiceId.Answer, FakeControl.KnownJob, "2=1").ToString(), "200");
        Assert.Equal([$"answer {Job} 2 rack b"], rig.Control.Asked);
        await rig.PressAsync(new ChoiceId(ChoiceId.Answer, FakeControl.KnownJob, "2=7").ToString(), "200");
        Assert.Single(rig.Control.Asked);

        await rig.PressAsync(new ChoiceId(ChoiceId.Answer, FakeControl.KnownJob, "2=text").ToString(), "200");
        Assert.Equal(9, rig.Callbacks[^1]["type"]!.GetValue<int>());
        await rig.PressAsync(new ChoiceId(ChoiceId.Answer, FakeControl.KnownJob, "2=0").ToString(), "100");
        Assert.Single(rig.Control.Asked);
    });

    [Fact]
    public void An_answer_by_command_goes_to_the_only_open_question() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.CommandAsync("answer", new JsonObject { ["job"] = Job, ["text"] = " OPS-12 " });
        Assert.Equal([$"answer {Job}  OPS-12"], rig.Control.Asked);
    });

    [Fact]
    public void The_engines_refusal_is_shown_and_recorded() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        rig.Control.Answers = _ => new Outcome.Refused("Already approved by @jon 12 s ago");
        await rig.PressAsync(new ChoiceId(ChoiceId.Approve, FakeControl.KnownJob, "start").ToString(), "300");

        Assert.Contains("Already approved", rig.Answers.Single()["content"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("@jon", rig.Answers.Single()["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("refused: Already approved by @jon 12 s ago", Assert.Single(rig.Control.Audit).Decision);
    });

    [Fact]
    public void An_unexpected_failure_shows_an_id_that_is_in_the_log() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        rig.Control.Answers = _ => throw new InvalidOperationException("password=hunter2");
        await rig.CommandAsync("pause", new JsonObject { ["job"] = Job });

        var told = rig.Answers.Single()["content"]!.ToString();
        Assert.Contains("abababab", told, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
        Assert.Contains(rig.Log, l => l.Contains("abababab", StringComparison.Ordinal) && l.Contains("hunter2", StringComparison.Ordinal));
    });

    [Fact]
    public void All_that_is_wrong_with_a_run_is_told_at_once() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        rig.Control.Plans = _ => new PlanOutcome.Refused(["no workflow x", "no cluster y", "no zone z"]);
        await rig.CommandAsync("run", new JsonObject { ["workflow"] = "x", ["cluster"] = "y", ["zone"] = "z" });
        var told = rig.Answers.Single()["content"]!.ToString();
        Assert.All(new[] { "no workflow x", "no cluster y", "no zone z" }, w => Assert.Contains(w, told, StringComparison.Ordinal));

        await rig.CommandAsync("run",
            new JsonObject { ["workflow"] = "x", ["cluster"] = "y", ["zone"] = "z", ["nodes"] = "a b", ["vars"] = "oops" });
        Assert.Contains("not several of them", rig.Answers[1]["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("oops", rig.Answers[1]["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Single(rig.Control.Asked);
    });

    [Fact]
    public void Nodes_and_zone_become_the_target() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        RunRequest? last = null;
        rig.Control.Plans = request => new PlanOutcome.Ready(Samples.Plan(last = request));
        await rig.CommandAsync("plan", new JsonObject { ["workflow"] = "w", ["cluster"] = "c", ["nodes"] = " b-1, b-2  b-1" }, "100");
        Assert.Equal(["b-1", "b-2"], Assert.IsType<Target.Named>(last!.Target).Nodes.AsEnumerable());
        await rig.CommandAsync("plan", new JsonObject { ["workflow"] = "w", ["cluster"] = "c", ["zone"] = "us-east1/b" }, "100");
        Assert.Equal(new Target.InZone("us-east1/b"), last!.Target);
        Assert.Empty(rig.Answers[1]["components"]!.AsArray());
    });

    [Fact]
    public void A_plan_is_started_by_its_author_once_and_not_after_a_quarter_of_an_hour() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.CommandAsync("run", new JsonObject { ["workflow"] = "w", ["cluster"] = "c" });
        var start = Start(rig.Answers[0]);
        await rig.PressAsync(start, user: "43");
        Assert.Null(rig.Control.Started);
        await rig.PressAsync(start);
        await rig.PressAsync(start);
        Assert.Single(rig.Control.Asked, a => a.StartsWith("start", StringComparison.Ordinal));
        Assert.Contains("out of date", rig.Answers[^1]["content"]!.ToString(), StringComparison.Ordinal);

        await rig.CommandAsync("run", new JsonObject { ["workflow"] = "w", ["cluster"] = "c" });
        var late = Start(rig.Answers[^1]);
        rig.Time.Advance(TimeSpan.FromMinutes(15));
        await rig.PressAsync(late);
        Assert.Single(rig.Control.Asked, a => a.StartsWith("start", StringComparison.Ordinal));
    });

    [Fact]
    public void An_id_of_another_age_is_out_of_date() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        await rig.PressAsync("scp:v0:abort:X");
        Assert.Contains("out of date", rig.Answers.Single()["content"]!.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void The_same_interaction_is_worked_on_once() => TestLoop.Run(async loop =>
    {
        var rig = new InteractionRig(loop);
        var press = new JsonObject { ["custom_id"] = new ChoiceId(ChoiceId.Pause, FakeControl.KnownJob, "").ToString() };
        await rig.SendAsync(3, press, "200", "1", "10", "42", id: "5");
        await rig.SendAsync(3, press.DeepClone().AsObject(), "200", "1", "10", "42", id: "5");
        Assert.Single(rig.Control.Asked);
        Assert.Single(rig.Callbacks);
    });

    private static string Start(JsonObject card) => card["components"]![0]!["components"]![0]!["custom_id"]!.ToString();
}

using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary><c>job run</c> and <c>job plan</c>.</summary>
internal static class RunVerbs
{
    public static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Do not watch: print the job's id and end" };

    public static Verb Run(Surroundings around)
    {
        var options = new RunOptions(around);
        var verb = new Verb("run", "Plan a workflow on a cluster, show the plan, start it and watch it")
        {
            Examples =
            [
                ("job run rolling_restart --cluster=messages-stg", "on a terminal it shows the plan and asks; in a script it starts"),
                ("job run rolling_restart -c messages-prd --zone=us-east1/b --limit=1 --reason \"new kernel flags\"", ""),
                ("job run add_nodes_to_cluster --cluster=scylla-messages-prd --nodes=scylla-messages-prd-us-east1-b-10,scylla-messages-prd-us-east1-c-10", ""),
                ("job run rolling_restart -c messages-prd --from-job 01JD… --only failed", "what another job left over"),
                ("job run decommission_nodes -c messages-prd --nodes=… --confirm messages-prd", "what destroys wants the cluster's name"),
            ],
        };
        options.AddTo(verb);
        foreach (var option in new Option[] { Consent.Yes, Consent.Confirm, Detach, Watching.OnHalt })
        {
            verb.Add(option);
        }

        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var plan = await bot.SendAsync<PlanView>(ControlRoutes.Plan, [], await options.FormAsync(parsed, bot, ct), ct);
            return await ShowAndStartAsync(plan, bot, parsed, around, ct);
        });
    }

    public static Verb Plan(Surroundings around)
    {
        var options = new RunOptions(around);
        var verb = new Verb("plan", "Show what a workflow would do, in which order, and why it is safe; changes nothing")
        {
            Examples = [("job plan rolling_restart --cluster=messages-prd --zone=us-east1/b", "")],
        };
        options.AddTo(verb);
        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var plan = await bot.SendAsync<PlanView>(ControlRoutes.Plan, [], await options.FormAsync(parsed, bot, ct), ct);
            return await Paper.PictureAsync(around, parsed, plan, () => PlanPicture.Of(plan));
        });
    }

    public static Verb Rejoin(Surroundings around)
    {
        var id = JobReads.Id(around);
        var node = new Option<string>("--node", "-n") { Description = "The machine whose join was banned", Required = true, HelpName = "NAME" };
        node.CompletionSources.Add(c => Known.Nodes(c, around));
        var verb = new Verb("rejoin", "Plan to wipe a machine whose join was banned and to join it anew; shows the plan, starts it and watches it")
        {
            Examples = [("job rejoin 01JD7Q2M9K3XYZ --node scylla-messages-prd-us-east1-b-10 --confirm messages-prd", "")],
            Arguments = { id },
            Options = { node, Consent.Yes, Consent.Confirm, Detach, Watching.OnHalt },
        };
        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var form = new NodeForm(parsed.GetRequiredValue(node));
            var plan = await bot.SendAsync<PlanView>(ControlRoutes.Rejoin, [parsed.GetRequiredValue(id)], form, ct);
            return await ShowAndStartAsync(plan, bot, parsed, around, ct);
        });
    }

    /// <summary>Starts what was shown and watches it.</summary>
    public static async Task<int> StartAsync(PlanView plan, BotClient bot, ParseResult parsed, Surroundings around, bool isOneOff, CancellationToken ct)
    {
        var started = await bot.SendAsync<VerbAnswer>(ControlRoutes.Start, [plan.Id], new StartForm(plan.Hash), ct);
        var job = started.Job ?? throw new StopException(ExitCodes.Broken, $"The bot started something and did not say what: {started.Message}");
        if (parsed.GetValue(Detach))
        {
            return await Paper.AnswerAsync(around, parsed, started, () => [Clean.Line(job, 40)]);
        }

        if (isOneOff && (await bot.AskAsync<JobView>(ControlRoutes.Job, [job], ct)).Workflow != plan.Workflow)
        {
            // Under the lease of another job: that one's end is not this one's (R18).
            await around.Errors.WriteLineAsync(Spoken.Line(started.Message, 1000, job));
            return ExitCodes.Done;
        }

        if (!isOneOff)
        {
            await around.Errors.WriteLineAsync($"Job {Clean.Line(job, 40)} started. Ctrl-C detaches; `scyllactl job watch {Clean.Line(job, 40)}` watches it again.");
        }

        return await Watching.Of(bot, parsed, around, isOneOff, isOneNode: isOneOff && plan.Targets.Length == 1).UntilEndAsync(job, null, ct);
    }

    private static async Task<int> ShowAndStartAsync(PlanView plan, BotClient bot, ParseResult parsed, Surroundings around, CancellationToken ct)
    {
        if (!parsed.WantsJson())
        {
            Paper.Write(around, around.Errors, PlanPicture.Of(plan), parsed);
        }

        await Consent.ToStartAsync(plan, parsed, around, asksAlways: true, ct);
        return await StartAsync(plan, bot, parsed, around, isOneOff: false, ct);
    }
}

using System.CommandLine;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using Scyllactl.Bot;
using Scyllactl.Jobs;
using Scyllactl.Show;

namespace Scyllactl.Fleet;

/// <summary>Work by hand, the stop of everything, what is owed, and what was done by whom.</summary>
internal static class FleetVerbs
{
    public static Verb TakeOver(Surroundings around)
    {
        var what = new Argument<string>("what") { HelpName = "what", Description = "A cluster's name or a job's id" };
        what.CompletionSources.Add(c => Known.Clusters(c, around).Concat(Known.Jobs(c, around)));
        return new Verb("takeover", "Work by hand from the next safe point on")
        {
            Examples = [("takeover messages-prd --reason \"a disk is changed\"", "every job of the cluster"), ("takeover 01JD7Q2M9K3XYZ --reason \"a look at its node\"", "")],
            Arguments = { what },
            Options = { JobActions.Reasoned },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var form = new TakeOverForm(parsed.GetRequiredValue(what), parsed.GetRequiredValue(JobActions.Reasoned));
            return await JobActions.SayAsync(bot.DoAsync(ControlRoutes.TakeOver, null, form, ct), parsed, around);
        });
    }

    public static Verb HandBack(Surroundings around)
    {
        var id = JobReads.Id(around);
        var nodes = new Option<string[]>("--node", "-n") { Description = "What becomes of a node that was changed by hand; may be repeated", HelpName = "NAME=done|redo|skip" };
        var others = new Option<string?>("--others") { Description = "The same for every node that is not named", HelpName = "done|redo|skip" };
        others.AcceptOnlyFromAmong("done", "redo", "skip");
        var show = new Option<bool>("--show") { Description = "Only say what was done by hand" };
        return new Verb("handback", "Let a job go on after work by hand")
        {
            Examples =
            [
                ("handback 01JD7Q2M9K3XYZ --show", "what was done by hand, first"),
                ("handback 01JD7Q2M9K3XYZ --node scylla-messages-prd-us-east1-b-1=done --others redo", ""),
            ],
            Arguments = { id },
            Options = { nodes, others, show },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            if (parsed.GetValue(show))
            {
                var view = await bot.AskAsync<HandView>(ControlRoutes.Compare, [parsed.GetRequiredValue(id)], ct);
                return await Paper.AnswerAsync(around, parsed, view, () =>
                    Columns.Of(["NODE", "STATUS", "WHAT"], view.Nodes.Select(n => new[] { n.Node, Input.Spell(n.Status).Replace('_', ' '), n.What })));
            }

            var form = new HandBackForm { Nodes = RunOptions.Pairs(parsed.GetValue(nodes) ?? [], "--node"), Others = parsed.GetValue(others) };
            return await JobActions.SayAsync(bot.DoAsync(ControlRoutes.HandBack, parsed.GetRequiredValue(id), form, ct), parsed, around);
        });
    }

    public static Verb Unlock(Surroundings around)
    {
        var what = new Argument<string>("what") { HelpName = "what", Description = "A job's id: its lease is taken away for ever. A cluster's name: what an earlier bot left there is acknowledged" };
        what.CompletionSources.Add(c => Known.Clusters(c, around).Concat(Known.Jobs(c, around)));
        return new Verb("unlock", "Take a job's lease away for ever, or acknowledge what an earlier bot left on a cluster")
        {
            Examples = [("unlock 01JD7Q2M9K3XYZ --reason \"its host is gone\"", ""), ("unlock messages-prd --reason \"looked at every node\"", "what an earlier bot left there")],
            Arguments = { what },
            Options = { JobActions.Reasoned },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var (named, form) = (parsed.GetRequiredValue(what), new ReasonForm(parsed.GetRequiredValue(JobActions.Reasoned)));

            // Ids of jobs have no small letters.
            var route = named.Any(char.IsAsciiLetterLower) ? ControlRoutes.UnlockCluster : ControlRoutes.Unlock;
            return await JobActions.SayAsync(bot.DoAsync(route, named, form, ct), parsed, around);
        });
    }

    public static Verb HaltAll(Surroundings around)
    {
        var lift = new Option<bool>("--lift") { Description = "Let everything go on again" };
        return new Verb("halt-all", "Stop everything at its safe point, now and over restarts; asks nothing")
        {
            Examples = [("halt-all --reason \"load is climbing everywhere\"", ""), ("halt-all --lift", "")],
            Options = { Shared.Reason, lift },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            return await JobActions.SayAsync(parsed.GetValue(lift)
                ? bot.DoAsync(ControlRoutes.Lift, null, null, ct)
                : bot.DoAsync(ControlRoutes.HaltAll, null, new ReasonForm(parsed.GetValue(Shared.Reason) ?? ""), ct), parsed, around);
        });
    }

    public static Verb Debts(Surroundings around)
    {
        var cluster = Shared.Cluster(around, "Only of this cluster");
        var pay = new Option<string?>("--pay") { Description = "Mark this one as paid by hand; with --reason", HelpName = "ID" };
        return new Verb("debts", "What operations left owing, or mark one as paid")
        {
            Examples = [("debts --cluster messages-prd", ""), ("debts --pay D7 --reason \"cleaned up by hand\"", "")],
            Options = { cluster, pay, Shared.Reason },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            if (parsed.GetValue(pay) is { } id)
            {
                return await JobActions.SayAsync(bot.DoAsync(ControlRoutes.Pay, id, new ReasonForm(parsed.GetValue(Shared.Reason) ?? ""), ct), parsed, around);
            }

            var debts = await bot.AskAsync<DebtList>(ControlRoutes.Debts, [], ct, ("cluster", parsed.GetValue(cluster)));
            return await Paper.AnswerAsync(around, parsed, debts, () => debts.Debts.IsEmpty ? ["nothing is owed"] : Columns.Of(["DEBT", "CLUSTER", "JOB", "UNTIL", "WHAT", "PAID BY"], debts.Debts.Select(d => new[]
            {
                d.Id, d.Cluster, d.Job, Moments.Of(d.Deadline) + (d.Overdue ? " overdue" : ""), d.What, d.ByItself ? "the bot" : d.Undo,
            })));
        });
    }

    public static Verb History(Surroundings around)
    {
        var limit = new Option<int>("--limit") { Description = "The last so many", DefaultValueFactory = _ => 50, HelpName = "N" };
        return new Verb("history", "Who asked for what, and what came of it") { Examples = [("history --limit 20", "")], Options = { limit } }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var list = await bot.AskAsync<AuditList>(ControlRoutes.History, [], ct, ("limit", $"{parsed.GetValue(limit)}"));
            return await Paper.AnswerAsync(
                around, parsed, list, () => list.Entries.IsEmpty ? ["nobody has asked for anything yet"] : list.Entries.Select(e =>
                    Clean.Line($"{Moments.Of(e.At)} {e.By.Name} ({e.Channel}): {RequestInWords.Of(e.Said)} → {e.Decision}", 500)));
        });
    }

    public static Verb Bot(Surroundings around) => new Verb("bot", "The bot: version, chat, who you are to it and what you may do") { Examples = [("bot", "")] }.Does(async (parsed, ct) =>
    {
        using var bot = BotClient.Of(parsed, around);
        var view = await bot.AskAsync<BotView>(ControlRoutes.Bot, [], ct);
        return await Paper.AnswerAsync(around, parsed, view, () => Lines(view).Select(l => Spoken.Line(l, 1000)));
    });

    private static IEnumerable<string> Lines(BotView view)
    {
        var chat = view.ChatLostSince is { } since ? $"nobody is reached since {Moments.Of(since)}: {view.ChatWhy}" : "reached";
        return
        [
            $"ScyllaBot {view.Version}{(view.Sandbox ? ", in its sandbox: nothing real" : "")}, up since {Moments.Of(view.Started)}",
            $"you:      {view.Me.Person.Name}, may {(view.Me.Rights.IsEmpty ? "nothing" : string.Join(", ", view.Me.Rights))}",
            $"clusters: {view.Clusters}, open jobs: {view.OpenJobs}",
            $"chat:     {chat}",
            .. view.FleetHalt is { } halt ? new[] { $"HALTED:   {halt}" } : [],
        ];
    }
}

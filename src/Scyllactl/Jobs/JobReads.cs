using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>Verbs that only look at jobs.</summary>
internal static class JobReads
{
    public static Argument<string> Id(Surroundings around)
    {
        var id = new Argument<string>("job") { HelpName = "job", Description = "Its id (job list)" };
        id.CompletionSources.Add(c => Known.Jobs(c, around));
        return id;
    }

    public static Verb List(Surroundings around)
    {
        var cluster = Shared.Cluster(around, "Only of this cluster");
        var all = new Option<bool>("--all", "-a") { Description = "Ended ones too" };
        var limit = new Option<int?>("--limit") { Description = "At most so many (default 25)", HelpName = "N" };
        return new Verb("list", "Jobs that are open, or the latest ones")
        {
            Examples = [("job list", ""), ("job list --all --cluster messages-prd --limit 5", "what was done there lately")],
            Options = { cluster, all, limit },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var jobs = await bot.AskAsync<JobList>(ControlRoutes.Jobs, [], ct,
                ("cluster", parsed.GetValue(cluster)), ("all", parsed.GetValue(all) ? "true" : null), ("limit", parsed.GetValue(limit)?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            if (jobs.FleetHalt is { } halt && !parsed.WantsJson())
            {
                Paper.Write(around, around.Errors, [new ToneLine(Tone.Bad, Spoken.Line(halt, 300))], parsed);
            }

            return await Paper.AnswerAsync(around, parsed, jobs, () => jobs.Jobs.IsEmpty
                ? [parsed.GetValue(all) ? "no jobs" : "no open jobs; --all shows ended ones"]
                : Columns.Of(["JOB", "STATE", "CLUSTER", "TITLE", "NODES", "HELD", "BY", "SINCE"], jobs.Jobs.Select(j => new[]
                {
                    j.Id, JobPicture.Word(j.State, j.Outcome), j.Cluster, j.Title, $"{j.Targets}", $"{j.Held}", j.Operator.Name, Moments.Of(j.Created),
                })));
        });
    }

    public static Verb Show(Surroundings around)
    {
        var id = Id(around);
        return new Verb("show", "How one job stands") { Examples = [("job show 01JD7Q2M9K3XYZ", "")], Arguments = { id } }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var job = await bot.AskAsync<JobView>(ControlRoutes.Job, [parsed.GetRequiredValue(id)], ct);
            return await Paper.PictureAsync(around, parsed, job, () => JobPicture.Of(job));
        });
    }

    public static Verb Why(Surroundings around)
    {
        var id = Id(around);
        return new Verb("why", "Why it waits: numbers, windows, why not another node") { Examples = [("job why 01JD7Q2M9K3XYZ", "")], Arguments = { id } }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var why = await bot.AskAsync<WhyAnswer>(ControlRoutes.Why, [parsed.GetRequiredValue(id)], ct);
            return await Paper.AnswerAsync(
                around, parsed, why, () => why.Lines.Select(l => Spoken.Line(l, 20_000, parsed.GetValue(id))).Concat(why.View is { Length: > 0 } view ? ["", Clean.Block(view)] : []));
        });
    }

    public static Verb Watch(Surroundings around)
    {
        var id = Id(around);
        var tail = new Option<int>("--tail") { Description = "Begin with the last so many log lines", DefaultValueFactory = _ => 20, HelpName = "N" };
        return new Verb("watch", "Watch a job until it ends; Ctrl-C leaves it alone. Goes on by itself when the bot was away")
        {
            Examples = [("job watch 01JD7Q2M9K3XYZ", ""), ("job watch 01JD7Q2M9K3XYZ -o json | jq -r 'select(.event==\"log\").data.line'", "")],
            Arguments = { id },
            Options = { tail, Watching.OnHalt },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            return await Watching.Of(bot, parsed, around, isOneOff: false, isOneNode: false)
                .UntilEndAsync(parsed.GetRequiredValue(id), Math.Clamp(parsed.GetValue(tail), 0, 5000), ct);
        });
    }

    public static Verb Logs(Surroundings around)
    {
        var id = Id(around);
        var tail = new Option<int>("--tail") { Description = "Only the last so many lines", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the job ends" };
        return new Verb("logs", "A job's log")
        {
            Examples = [("job logs 01JD7Q2M9K3XYZ --tail 50 --follow", "")],
            Arguments = { id },
            Options = { tail, follow },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var (job, last) = (parsed.GetRequiredValue(id), Math.Clamp(parsed.GetValue(tail), 1, 5000));
            if (parsed.GetValue(follow))
            {
                var screen = parsed.WantsJson() ? (IWatchScreen)new JsonScreen(around) : new LineScreen(around, isOneNode: false, isQuiet: true);
                return await new Watching(bot, around, screen, staysAtHalt: true).UntilEndAsync(job, last, ct);
            }

            var log = await bot.AskAsync<JobLog>(ControlRoutes.Log, [job], ct, ("tail", $"{last}"));
            return await Paper.AnswerAsync(around, parsed, log, () => log.Lines.Select(l => LineScreen.LineOf(l, isOneNode: false)));
        });
    }

    public static Verb Events(Surroundings around)
    {
        var id = Id(around);
        var after = new Option<long>("--after") { Description = "Only after this sequence", HelpName = "N" };
        return new Verb("events", "A job's journal: every event that was decided or happened")
        {
            Examples = [("job events 01JD7Q2M9K3XYZ --after 120", "")],
            Arguments = { id },
            Options = { after },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var list = await bot.AskAsync<JournalList>(ControlRoutes.Events, [parsed.GetRequiredValue(id)], ct, ("after", $"{parsed.GetValue(after)}"));
            return await Paper.AnswerAsync(
                around, parsed, list, () => list.Events.Select(e => Clean.Line($"{e.Sequence,5} {Moments.Of(e.At)} {e.Kind} {e.Event.GetRawText()}", 400)));
        });
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>Verbs that change a job: a row for each.</summary>
internal static class JobActions
{
    private static readonly Option<string?> Node = new("--node", "-n") { Description = "Which node; default the one the halt is about", HelpName = "NAME" };
    private static readonly Option<bool> Extend = new("--extend") { Description = "Wait longer: the failed step's deadline starts anew" };
    private static readonly Option<bool> Now = new("--now") { Description = "Cut what may be cut and bring held nodes up, instead of letting them finish" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Most nodes at once", HelpName = "N" };
    private static readonly Option<int?> StopAfter = new("--stop-after") { Description = "No further node after this many", HelpName = "N" };
    private static readonly Argument<string> User = new("user") { HelpName = "user", Description = "Of the control endpoint, such as alice" };

    public static IEnumerable<Verb> All(Surroundings around) =>
    [
        Make(around, "pause", ControlRoutes.Pause, "Stop at the next safe point; held nodes finish first",
            ("job pause 01JD7Q2M9K3XYZ", ""), _ => null),
        Make(around, "resume", ControlRoutes.Resume, "Go on with a paused job",
            ("job resume 01JD7Q2M9K3XYZ", ""), _ => null),
        Make(around, "retry", ControlRoutes.Retry, "Try the failed step again",
            ("job retry 01JD7Q2M9K3XYZ --extend", "it needed longer than its deadline"), p => new RetryForm { Extend = p.GetValue(Extend) }, Extend),
        Make(around, "skip", ControlRoutes.Skip, "Leave out the rest of a node's steps",
            ("job skip 01JD7Q2M9K3XYZ --node scylla-messages-prd-us-east1-b-1", ""), p => new NodeForm(p.GetValue(Node)), Node),
        Make(around, "restore", ControlRoutes.Restore, "Bring up what is down by a halted job",
            ("job restore 01JD7Q2M9K3XYZ", ""), p => new NodeForm(p.GetValue(Node)), Node),
        Make(around, "abort", ControlRoutes.Abort, "End a job; held nodes finish first",
            ("job abort 01JD7Q2M9K3XYZ --now", "cuts what may be cut"), p => new AbortForm { Now = p.GetValue(Now) }, Now),
        Make(around, "way-out", ControlRoutes.WayOut, "Ask for the documented way out of a movement of data that hangs; it is approved on its own",
            ("job way-out 01JD7Q2M9K3XYZ --node scylla-messages-prd-us-east1-b-1", ""), p => new NodeForm(p.GetValue(Node)), Node),
        Make(around, "ack", ControlRoutes.Acknowledge, "Say that you look after the halt: nobody else is called",
            ("job ack 01JD7Q2M9K3XYZ", ""), _ => null),
        Make(around, "tune", ControlRoutes.Tune, "Fewer nodes at once, or an earlier end",
            ("job tune 01JD7Q2M9K3XYZ --limit 1 --stop-after 4", ""), p => new TuneForm(p.GetValue(Limit), p.GetValue(StopAfter)), Limit, StopAfter),
        Make(around, "owner", ControlRoutes.Owner, "Hand a job over",
            ("job owner 01JD7Q2M9K3XYZ alice", ""), p => new OwnerForm(p.GetRequiredValue(User)), User),
        Decide(around, "approve", "Approve what a job asks", approve: true,
            [("job approve 01JD7Q2M9K3XYZ", ""), ("job approve 01JD7Q2M9K3XYZ --key 1.2 --confirm messages-prd", "what can not be undone wants the name that is asked for")]),
        Decide(around, "refuse", "Refuse what a job asks; for a start: withdraw it", approve: false,
            [("job refuse 01JD7Q2M9K3XYZ --why \"not on a Friday\"", "")]),
        Answer(around),
    ];

    /// <summary>For verbs that nobody may use without saying why.</summary>
    public static Option<string> Reasoned { get; } = new("--reason", "-r") { Description = "Why; stands in the record", Required = true, HelpName = "TEXT" };

    /// <summary>The verb's answer: a sentence, or all of it.</summary>
    public static async Task<int> SayAsync(Task<VerbAnswer> doing, ParseResult parsed, Surroundings around)
    {
        var answer = await doing;
        return await Paper.AnswerAsync(around, parsed, answer, () => [Spoken.Line(answer.Message, 1000, answer.Job)]);
    }

    private static Verb Make(Surroundings around, string name, ControlRoute route, string description, (string, string) example, Func<ParseResult, object?> body, params Symbol[] more)
    {
        var id = JobReads.Id(around);
        var verb = new Verb(name, description) { Examples = [example], Arguments = { id } };
        foreach (var symbol in more)
        {
            if (symbol is Option option)
            {
                verb.Add(option);
            }
            else
            {
                verb.Add((Argument)symbol);
            }
        }

        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            return await SayAsync(bot.DoAsync(route, parsed.GetRequiredValue(id), body(parsed), ct), parsed, around);
        });
    }

    private static Verb Decide(Surroundings around, string name, string description, bool approve, ImmutableArray<(string, string)> examples)
    {
        var id = JobReads.Id(around);
        var key = new Option<string?>("--key") { Description = "Which question; default the only open one. A gate's path approves it ahead", HelpName = "KEY" };
        var why = new Option<string>("--why") { Description = "Of a refusal", DefaultValueFactory = _ => "", HelpName = "TEXT" };
        var glass = new Option<string?>("--break-glass") { Description = "Approve alone, in need, with this reason; the owners are called", HelpName = "REASON" };
        var verb = new Verb(name, description) { Examples = examples, Arguments = { id }, Options = { key } };
        foreach (var option in approve ? new Option[] { Consent.Confirm, glass } : [why])
        {
            verb.Add(option);
        }

        return verb.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var job = await bot.AskAsync<JobView>(ControlRoutes.Job, [parsed.GetRequiredValue(id)], ct);
            var asked = Open(job, parsed.GetValue(key));
            if (approve && parsed.GetValue(glass) is { } reason)
            {
                return await SayAsync(bot.DoAsync(ControlRoutes.BreakGlass, job.Id, new GlassForm(asked.Key, reason), ct), parsed, around);
            }

            if (approve && asked.Approval?.Confirm is { } word)
            {
                await Consent.NameAsync(word, $"{Clean.Line(asked.Approval.What, 200)}: it can not be undone.", parsed, around, ct);
                return await SayAsync(bot.DoAsync(ControlRoutes.Decide, job.Id, new DecideForm(asked.Key, true) { Why = word }, ct), parsed, around);
            }

            var form = new DecideForm(asked.Key, approve) { Why = approve ? "" : parsed.GetValue(why) ?? "" };
            return await SayAsync(bot.DoAsync(ControlRoutes.Decide, job.Id, form, ct), parsed, around);
        });
    }

    private static (string Key, JobApproval? Approval) Open(JobView job, string? key)
    {
        var open = job.Approvals.Where(a => a.State == ApprovalStanding.Open).ToArray();
        return (key, open) switch
        {
            ({ } named, _) => (named, Array.Find(open, a => a.Key == named)),
            (null, [var only]) => (only.Key, only),
            (null, []) => throw new StopException(ExitCodes.Refused, $"Job {job.Id} asks for no approval."),
            _ => throw new StopException(ExitCodes.Refused, $"Job {job.Id} asks for several: say --key {string.Join(" or --key ", open.Select(a => Clean.Line(a.Key, 80)))}."),
        };
    }

    private static Verb Answer(Surroundings around)
    {
        var id = JobReads.Id(around);
        var text = new Argument<string>("answer") { HelpName = "answer", Description = "One of the choices, or text" };
        var key = new Option<string?>("--key") { Description = "Which question; default the only open one", HelpName = "KEY" };
        return new Verb("answer", "Answer what a job asks, also the next node in step mode")
        {
            Examples = [("job answer 01JD7Q2M9K3XYZ yes", ""), ("job answer 01JD7Q2M9K3XYZ 2026.1.4 --key version", "where several things are asked")],
            Arguments = { id, text },
            Options = { key },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var form = new AnswerForm(parsed.GetRequiredValue(text)) { Key = parsed.GetValue(key) };
            return await SayAsync(bot.DoAsync(ControlRoutes.Answer, parsed.GetRequiredValue(id), form, ct), parsed, around);
        });
    }
}

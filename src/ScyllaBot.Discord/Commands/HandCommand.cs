using System.Globalization;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Cards;

namespace ScyllaBot.Discord.Commands;

/// <summary>What changes hands: jobs, leases, the whole fleet (R18 to R21).</summary>
internal static class HandCommand
{
    public static async Task<Answer> RunAsync(IJobControl control, NoticeCard card, Actor by, CommandCall call, CancellationToken ct)
    {
        var job = new JobId(call.Text("job"));
        return call.Name switch
        {
            "takeover" => Answer.Of(await control.TakeOverAsync(by, call.Text("what"), call.Text("reason"), ct)),
            "handback" => await HandBackAsync(control, card, by, job, call, ct),
            "unlock" => await UnlockAsync(control, by, job, call, ct),
            "owner" => await OwnerAsync(control, card, by, job, call, ct),
            "halt-all" => Answer.Of(call.Flag("lift") ? await control.LiftAsync(by, ct) : await control.HaltAllAsync(by, call.Text("reason"), ct)),
            "tune" => Answer.Of(await control.TuneAsync(by, job, Number(call, "limit"), Number(call, "stop_after"), ct)),
            _ => throw new InvalidOperationException($"{call.Name} is no command of hands"),
        };
    }

    /// <param name="choice">What becomes of every node that was changed by hand; empty: they are shown, with a button for each choice.</param>
    public static async Task<Answer> HandBackAsync(IJobControl control, NoticeCard card, Actor by, JobId job, string choice, CancellationToken ct)
    {
        var compared = choice.Length > 0 ? null : await control.CompareAsync(job, ct);
        return compared is { } nodes && nodes.Any(n => n.Status == HandStatus.ChangedByHand)
            ? new Answer(card.Private(HandbackView.Of(job, nodes)), "shown")
            : Answer.Of(await control.HandBackAsync(by, job, None, choice.Length > 0 ? choice : null, ct));
    }

    private static async Task<Answer> UnlockAsync(IJobControl control, Actor by, JobId job, CommandCall call, CancellationToken ct) => (call.Text("job"), call.Text("cluster")) switch
    {
        ({ Length: > 0 }, "") => Answer.Of(await control.UnlockAsync(by, job, call.Text("reason"), ct)),
        ("", { Length: > 0 } cluster) => Answer.Of(await control.UnlockClusterAsync(by, cluster, call.Text("reason"), ct)),
        _ => Answer.Refused("Name a job, whose lease is taken away; or a cluster, on which an earlier bot left what this one does not know."),
    };

    private static ImmutableSortedDictionary<string, string> None => ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    private static async Task<Answer> HandBackAsync(IJobControl control, NoticeCard card, Actor by, JobId job, CommandCall call, CancellationToken ct)
    {
        if (call.Text("nodes").Length == 0)
        {
            return await HandBackAsync(control, card, by, job, "", ct);
        }

        var (nodes, wrong) = NamedValues.Parse(call.Text("nodes"));
        return wrong.IsEmpty ? Answer.Of(await control.HandBackAsync(by, job, nodes, null, ct)) : Answer.Refused(wrong);
    }

    private static async Task<Answer> OwnerAsync(IJobControl control, NoticeCard card, Actor by, JobId job, CommandCall call, CancellationToken ct) =>
        call.User is var (person, roles) ? Answer.Of(await control.HandOverAsync(by, job, person, card.Rights(roles), ct))
            : Answer.Refused("Discord did not say who that is; choose somebody of this server.");

    // Anything that is no number is refused by the engine as too small.
    private static int? Number(CommandCall call, string name) => call.Text(name) is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : -1 : null;
}

using System.Globalization;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>How the cards put things. All text from people and nodes is escaped and bounded on its way through.</summary>
internal static class Wording
{
    /// <summary>A mention that is shown, not rung: only a notice's mentions ring.</summary>
    public static string Who(Person person) => IsInChat(person) ? Markup.Person(person.Id) : Markup.Escape(person.Name, 60);

    /// <summary>Rings the person, where chat can reach them: who came by the command line has no id there.</summary>
    public static Mentions Ring(Person person) => IsInChat(person) ? Mentions.Of(person.Id) : Mentions.None;

    /// <summary>As many whole lines as fit; the rest is counted.</summary>
    public static string Lines(IEnumerable<string> lines, int max)
    {
        const int counter = 16;
        var all = lines.Select(l => Markup.Cut(l, max - counter - 1)).ToList();
        if (all.Sum(l => l.Length + 1) <= max)
        {
            return string.Join('\n', all);
        }

        var (length, fits) = (0, 0);
        while (length + all[fits].Length + 1 <= max - counter)
        {
            length += all[fits++].Length + 1;
        }

        return string.Join('\n', all.Take(fits).Append($"… {all.Count - fits} more"));
    }

    /// <summary>What the step is called where the plan is at hand, its place in the plan otherwise.</summary>
    public static string Step(StepKey key, Plan? plan)
    {
        var title = PlanSteps.TitleOf(plan, key);
        return title is null ? $"step {Markup.Code(key.Path, 20)}" : $"{Markup.Code(key.Path, 20)} {Markup.Escape(title, 80)}";
    }

    /// <summary>Of an approval that belongs to a step: the step, and the node where it is one node's.</summary>
    public static string Gate(string key, Plan? plan)
    {
        var at = key.Split('@', 2);
        var step = Step(new StepKey(at[0], null), plan);
        return at.Length == 2 ? $"{step} on {Markup.Code(at[1], 64)}" : step;
    }

    /// <summary>R7: what is down by us and since when. Times only as chat keeps them true by itself: the message may be read much later.</summary>
    /// <param name="live">Who of them is up again, where that is known.</param>
    public static string Down(Job job, Plan? plan, int max, LiveJob? live = null) => job.Held.Count == 0
        ? "nothing"
        : Lines(job.Held.Values.OrderBy(h => h.Since).Select(h => DownLine(h, plan, live)), max);

    public static string TitleOf(Job job) => $"{Markup.Escape(job.Birth.Title, 60)} on {Markup.Escape(job.Cluster, 30)}";

    public static string Footer(Job job, bool sandbox) => sandbox ? $"{job.Id} · sandbox" : job.Id.ToString();

    public static string Class(bool recoverable) => recoverable
        ? "recoverable; its attempts are used up"
        : "unrecoverable; another attempt may do harm";

    private static string DownLine(HeldNode held, Plan? plan, LiveJob? live) => live?.UpAgain.TryGetValue(held.Node, out var up) == true
        ? $"{Markup.Code(held.Node, 64)} is held since {Markup.Ago(held.Since)}, by {Step(held.Key, plan)}; everyone sees it up again, its process runs since {Markup.Ago(up)}"
        : $"{Markup.Code(held.Node, 64)} since {Markup.Ago(held.Since)}, by {Step(held.Key, plan)}";

    private static bool IsInChat(Person person) => ulong.TryParse(person.Id, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ScyllaBot.Core.Control;

/// <summary>
/// What is typed in chat as <c>/scp …</c> and its counterpart on scyllactl's command line. The engine's sentences name chat's commands; who reads
/// them in a terminal is shown what can be typed there. What has no exact counterpart stays as it is: no command is better than a wrong one.
/// </summary>
public static partial class ChatCommands
{
    /// <summary>In the place of what a sentence leaves to its reader.</summary>
    private const string Job = "JOB", Cluster = "CLUSTER", Node = "NODE", Text = "TEXT";

    private static readonly FrozenDictionary<string, Func<Given, string>> Lines = Table().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Subcommands that say something about chat only.</summary>
    public static ImmutableArray<string> OnlyInChat { get; } = ["help"];

    /// <summary>The same sentence for a terminal.</summary>
    /// <param name="sentence">Of the engine.</param>
    /// <param name="job">What it is about; null: its reader knows.</param>
    public static string ForTerminal(string sentence, string? job = null) => !sentence.Contains("/scp ", StringComparison.Ordinal) ? sentence
        : Mention().Replace(sentence, found => LineOf(found, job) is { } line ? $"`scyllactl {line}`" : found.Value);

    private static string? LineOf(Match found, string? job)
    {
        if (!Lines.TryGetValue(found.Groups["verb"].Value, out var write))
        {
            return null;
        }

        var given = new Given(job is not null && Id().IsMatch(job) ? job : Job);
        for (var i = 0; i < found.Groups["option"].Captures.Count; i++)
        {
            given.Add(found.Groups["option"].Captures[i].Value, found.Groups["value"].Captures[i].Value);
        }

        var line = write(given);
        return given.IsUsedUp ? line : null;
    }

    private static Dictionary<string, Func<Given, string>> Table() => new(StringComparer.Ordinal)
    {
        ["run"] = g => $"job run {g.Take("workflow", "WORKFLOW")} --cluster={g.Take("cluster", Cluster)}",
        ["plan"] = g => $"job plan {g.Take("workflow", "WORKFLOW")} --cluster={g.Take("cluster", Cluster)}",
        ["jobs"] = g => $"job list{g.Option("cluster")}{g.Flag("all")}",
        ["job"] = g => $"job show {g.Job()}",
        ["why"] = g => $"job why {g.Job()}",
        ["pause"] = g => $"job pause {g.Job()}",
        ["resume"] = g => $"job resume {g.Job()}",
        ["retry"] = g => $"job retry {g.Job()}{g.Flag("extend")}",
        ["skip"] = g => $"job skip {g.Job()}{g.Option("node")}",
        ["answer"] = g => $"job answer {g.Job()} {g.Take("text", Text)}",
        ["abort"] = g => $"job abort {g.Job()}{g.Flag("now")}",
        ["node-task"] = g => $"node-task {g.Take("task", "TASK")} --node={g.Take("node", Node)}{g.Option("cluster")}",
        ["cluster-task"] = g => $"cluster-task {g.Take("task", "TASK")} --cluster={g.Take("cluster", Cluster)}",
        ["takeover"] = g => $"takeover {g.Take("what", "CLUSTER-OR-JOB")} --reason={g.Take("reason", Text)}",
        ["handback"] = g => $"handback {g.Job()}",
        ["unlock"] = Unlock,
        ["owner"] = g => $"job owner {g.Job()} USER",
        ["halt-all"] = g => g.Flag("lift") is { Length: > 0 } lift ? $"halt-all{lift}" : $"halt-all --reason={g.Take("reason", Text)}",
        ["tune"] = g => $"job tune {g.Job()}{g.Option("limit")}{g.Option("stop_after", "--stop-after")}",
        ["clusters"] = g => g.Take("cluster", "") is { Length: > 0 } one ? $"cluster show {one}" : "cluster list",
        ["debts"] = g => g.Option("pay") is { Length: > 0 } pay ? $"debts{pay} --reason={g.Take("reason", Text)}" : $"debts{g.Option("cluster")}",
    };

    /// <summary>scyllactl tells a cluster from a job by a small letter in its name.</summary>
    private static string Unlock(Given given) => given.Peek("cluster") is { } cluster && cluster.Any(char.IsAsciiLetterLower)
        ? $"unlock {given.Take("cluster", Cluster)} --reason={given.Take("reason", Text)}"
        : $"unlock {given.Job()} --reason={given.Take("reason", Text)}";

    // A full stop behind a name is the sentence's, and whoever put it between backticks gets them back.
    [GeneratedRegex(
        """(?<tick>`)?/scp (?<verb>[a-z]+(-[a-z]+)*)(?![A-Za-z0-9_-])( (?<option>[a-z_]+):(?<value>[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?|(?=[ `,;.)]|$)))*(?(tick)`?)""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Mention();

    [GeneratedRegex(@"\A[0-9A-Za-z]{1,40}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Id();

    /// <summary>The options that a mention gives; what no counterpart takes makes it none.</summary>
    private sealed class Given(string job)
    {
        private readonly Dictionary<string, string> _left = new(StringComparer.Ordinal);
        private bool _isStrange;

        public bool IsUsedUp => _left.Count == 0 && !_isStrange;

        public void Add(string option, string value) => _isStrange |= !_left.TryAdd(option, value);

        public string? Peek(string option) => _left.GetValueOrDefault(option);

        public string Take(string option, string otherwise) => _left.Remove(option, out var value) && value.Length > 0 ? value : otherwise;

        public string Job() => Take("job", job);

        public string Option(string option, string? spelt = null) => Take(option, "") is { Length: > 0 } value ? $" {spelt ?? $"--{option}"}={value}" : "";

        /// <summary>What is switched off is left out, as in chat.</summary>
        public string Flag(string option)
        {
            var said = Take(option, "false");
            _isStrange |= said is not ("true" or "false");
            return said == "true" ? $" --{option}" : "";
        }
    }
}

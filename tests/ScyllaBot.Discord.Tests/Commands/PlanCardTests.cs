using System.Text;
using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Commands;

/// <summary>R15: what the author reads before anything starts.</summary>
public sealed class PlanCardTests
{
    private static Plan Plan => Samples.Plan(new RunRequest("1", "scylla_version_upgrade", "messages-stg", new Target.All(), ImmutableSortedDictionary<string, string>.Empty.Add("version", "2025.1.4"), "CVE-1")) with
    {
        Title = "Upgrade Scylla",
        Steps =
        [
            new("1.1", "Drain Scylla node", "scylla-drain", Core.Tasks.Direction.TakesDown, Core.Tasks.Risk.Disruptive, PerNode: true) { Undo = "a new process: start scylla-server (restore does it)" },
            new("1.2", "Install packages", "install-packages version=2025.1.4", Core.Tasks.Direction.TakesDown, Core.Tasks.Risk.Disruptive, PerNode: true) { Undo = "install the version of before" },
            new("1.3", "Start systemd service", "systemd-start-service service=scylla-server", Core.Tasks.Direction.BringsUp, Core.Tasks.Risk.Low, PerNode: true),
            new("2", "Upgrade sstables", "upgrade-sstables", Core.Tasks.Direction.Neutral, Core.Tasks.Risk.Disruptive, PerNode: false) { Undo = "the old files", IsPointOfNoReturn = true },
        ],
        Verdict =
        [
            "us-east1/b: safe, 1 of 3 at once; every range keeps its quorum", "Levels judged: LOCAL_QUORUM, LOCAL_SERIAL", "Exempt: system_traces (traces may be lost, by default)",
            "Raft topology coordinator: messages-stg-d-1, last of the last zone",
        ],
        Concerns = ["messages-stg-c-2 is not answering"],
        Waits = ["Drain Scylla node on messages-stg-b-1 would wait: messages-stg-c-2 is not answering"],
        Approvals = ["2 approvals before the start, not by the requester", "1.l.1 Point of no return: 1 approval: Is the first node well?"],
        Scope = new JobScope { Limit = 1, StopAfter = 3, Left = ["messages-stg-c-1", "messages-stg-c-3"], KnownDown = [new KnownDownNode("messages-stg-c-2", Guid.Empty)] },
        Expected = "about 1 h 10 min, 7 min 40 s a node, by 3 earlier runs",
    };

    [Fact]
    public void A_plan_reads_as_it_does() => Snapshot.Match("plan-card", Text(PlanCard.Of(Plan, "77", sandbox: false)));

    [Fact]
    public void What_can_not_be_undone_comes_first_and_is_said_so()
    {
        var undo = PlanCard.Of(Plan, null, sandbox: false).Parts.Single(p => p.Name.Contains("Undo", StringComparison.Ordinal)).Text;
        Assert.StartsWith("🚫 **Upgrade sstables**: no way back: the old files", undo, StringComparison.Ordinal);
        Assert.Empty(PlanCard.Of(Plan, null, sandbox: false).Choices);
    }

    [Fact]
    public void R29_a_plan_on_an_observed_cluster_has_no_Start_and_says_why_and_what_to_do()
    {
        var observed = PlanCard.Of(Plan with { Cluster = Plan.Cluster with { Mode = Core.Clusters.ClusterMode.Observe } }, "77", sandbox: false);
        Assert.Empty(observed.Choices);
        var why = observed.Parts[0];
        Assert.Equal("🔒 Can not be started", why.Name);
        Assert.Contains("is in observe mode", why.Text, StringComparison.Ordinal);
        Assert.Contains("Set its mode to step or run in the inventory", why.Text, StringComparison.Ordinal);
        foreach (var mode in new[] { Core.Clusters.ClusterMode.Step, Core.Clusters.ClusterMode.Run })
        {
            var card = PlanCard.Of(Plan with { Cluster = Plan.Cluster with { Mode = mode } }, "77", sandbox: false);
            Assert.Equal("Start", card.Choices[0].Label);
            Assert.DoesNotContain(card.Parts, p => p.Name == why.Name);
        }
    }

    [Fact]
    public void The_longest_plan_keeps_to_Discords_limits_and_still_says_that_more_follows()
    {
        string Long(int i) => $"{i} {new string('x', 180)} *_`~|>";
        var many = Plan with
        {
            Waves = [.. Enumerable.Range(0, 40).Select(z => new PlanWave(new Core.Clusters.Zone("dc", $"rack-{z}"), [.. Enumerable.Range(0, 30).Select(n => $"node-{z}-{n}-{new string('n', 40)}")], 3))],
            Steps = [.. Enumerable.Range(0, 60).Select(i => Plan.Steps[0] with { Path = $"1.{i}", Title = Long(i), Undo = Long(i) })],
            Verdict = [.. Enumerable.Range(0, 60).Select(Long)],
            Concerns = [.. Enumerable.Range(0, 60).Select(Long)],
            Waits = [.. Enumerable.Range(0, 60).Select(Long)],
            Approvals = [.. Enumerable.Range(0, 60).Select(Long)],
            Expected = new string('e', 900),
        };
        var embed = EmbedCard.Of(PlanCard.Of(many, "77", sandbox: true));
        var fields = embed["fields"]!.AsArray();
        var all = embed["title"]!.ToString().Length + embed["description"]!.ToString().Length + embed["footer"]!["text"]!.ToString().Length
            + fields.Sum(f => f!["name"]!.ToString().Length + f["value"]!.ToString().Length);
        Assert.InRange(all, 1, CardLimits.Embeds);
        Assert.All(fields, f => Assert.InRange(f!["value"]!.ToString().Length, 1, CardLimits.FieldValue));
        Assert.Contains("more", embed["description"]!.ToString(), StringComparison.Ordinal);
    }

    private static string Text(Notice notice)
    {
        var text = new StringBuilder().AppendLine($"[{notice.Severity}] {notice.Title}").AppendLine(notice.Body);
        foreach (var part in notice.Parts)
        {
            text.AppendLine($"-- {part.Name}{(part.Inline ? " (inline)" : "")}").AppendLine(part.Text);
        }

        return text.AppendLine(string.Join(' ', notice.Choices.Select(c => $"({c.Kind}) {c.Label}"))).AppendLine(notice.Footer).ToString();
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Observe;

namespace ScyllaBot.Tests.Observe;

/// <summary>The dashboard and the alert rules that are delivered with the bot.</summary>
public sealed partial class DeployTests
{
    private static readonly string Prometheus = Path.Combine(SourceTree.Root, "deploy", "prometheus");
    private static readonly string Dashboard = Path.Combine(SourceTree.Root, "deploy", "grafana", "scyllabot.json");

    [PromtoolFact]
    public async Task Prometheus_takes_the_alert_rules()
    {
        var (code, said) = await Promtool.RunAsync(null, "check", "rules", Path.Combine(Prometheus, "alerts.yaml"));
        Assert.True(code == 0, said);
    }

    [PromtoolFact]
    public async Task Every_alert_fires_when_it_should_and_stays_quiet_when_it_should_not()
    {
        var (code, said) = await Promtool.RunAsync(null, "test", "rules", Path.Combine(Prometheus, "alerts.test.yaml"));
        Assert.True(code == 0, said);
        var tests = await File.ReadAllTextAsync(Path.Combine(Prometheus, "alerts.test.yaml"));
        foreach (var alert in await AlertsAsync())
        {
            Assert.Contains($"- name: {alert} fires\n", tests, StringComparison.Ordinal);
            Assert.Contains($"- name: {alert} stays quiet\n", tests, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Alerts_ask_only_for_metrics_and_labels_that_there_are()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Prometheus, "alerts.yaml"));
        Refers(text);
        Assert.NotEmpty(await AlertsAsync());
    }

    [Fact]
    public async Task The_dashboard_is_valid_asks_only_for_metrics_that_there_are_and_leaves_none_out()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Dashboard));
        var panels = json.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        var queries = panels.Where(p => p.TryGetProperty("targets", out _)).SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!).ToArray();
        Assert.All(queries, Refers);
        var asked = queries.SelectMany(q => Names().Matches(q)).Select(m => FamilyOf(m.Value)!.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Families.All.Select(f => f.Name).Except(asked));
        Assert.Equal("scyllabot", json.RootElement.GetProperty("uid").GetString());
    }

    [Fact]
    public async Task No_two_panels_lie_on_each_other()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Dashboard));
        var taken = new HashSet<(int, int)>();
        foreach (var at in json.RootElement.GetProperty("panels").EnumerateArray().Select(p => p.GetProperty("gridPos")))
        {
            var (x, y, w, h) = (at.GetProperty("x").GetInt32(), at.GetProperty("y").GetInt32(), at.GetProperty("w").GetInt32(), at.GetProperty("h").GetInt32());
            Assert.True(x + w <= 24);
            Assert.All(Enumerable.Range(0, w * h), i => Assert.True(taken.Add((x + (i % w), y + (i / w)))));
        }
    }

    [PromtoolFact]
    public async Task Prometheus_can_read_every_query_of_the_dashboard()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Dashboard));
        var rules = json.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _))
            .SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select((t, i) => $"      - record: q{i}\n        expr: {JsonSerializer.Serialize(t.GetProperty("expr").GetString())}");
        var file = Path.Combine(Path.GetTempPath(), $"queries-{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(file, "groups:\n  - name: q\n    rules:\n" + string.Join('\n', rules));
        var (code, said) = await Promtool.RunAsync(null, "check", "rules", file);
        File.Delete(file);
        Assert.True(code == 0, said);
    }

    private static async Task<string[]> AlertsAsync() =>
        [.. AlertNames().Matches(await File.ReadAllTextAsync(Path.Combine(Prometheus, "alerts.yaml"))).Select(m => m.Groups["name"].Value)];

    private static void Refers(string query)
    {
        foreach (var name in Names().Matches(query).Select(m => m.Value))
        {
            Assert.True(FamilyOf(name) is not null, $"there is no metric {name}");
        }

        // Labels stand behind the name of their metric.
        foreach (Match asked in Selectors().Matches(query))
        {
            string[] known = [.. FamilyOf(asked.Groups["name"].Value)!.Labels, "instance", "le"];
            Assert.All(Labels().Matches(asked.Groups["labels"].Value), l => Assert.Contains(l.Groups["label"].Value, known));
        }
    }

    private static Family? FamilyOf(string name) => Families.All.FirstOrDefault(f => f.Kind == FamilyKind.Histogram
        ? name == $"{f.Name}_bucket" || name == $"{f.Name}_sum" || name == $"{f.Name}_count" : name == f.Name);

    [GeneratedRegex(@"\bscyllabot_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex Names();

    [GeneratedRegex(@"\b(?<name>scyllabot_[a-z_]+)\{(?<labels>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Selectors();

    [GeneratedRegex(@"(?<label>[a-z_]+)\s*(=~|!~|!=|=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Labels();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlertNames();
}

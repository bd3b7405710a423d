using System.Collections.Immutable;
using System.CommandLine;
using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Clusters;
using Scyllactl.Show;

namespace Scyllactl.Jobs;

/// <summary>What <c>job run</c> and <c>job plan</c> take.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _workflow = new("workflow") { HelpName = "workflow", Description = "By the name of its file, without .yaml" };
    private readonly Option<string> _cluster;
    private readonly Option<string[]> _nodes = List("--nodes", "Only these, separated by commas; * and ? stand for letters");
    private readonly Option<string[]> _zones = List("--zone", "Only these zones (dc/rack)");
    private readonly Option<string[]> _datacenters = List("--datacenter", "Only these datacenters");
    private readonly Option<string[]> _except = List("--except", "Not these nodes, patterns or zones");
    private readonly Option<string[]> _knownDown = List("--known-down", "Nodes that are down and stay so");
    private readonly Option<string?> _fromJob = new("--from-job") { Description = "Only what this job left over", HelpName = "JOB" };
    private readonly Option<string?> _only = new("--only") { Description = "Which nodes of --from-job; default not-done", HelpName = "not-done|failed" };
    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many nodes at once; only tightens", HelpName = "N" };
    private readonly Option<int?> _stopAfter = new("--stop-after") { Description = "End after so many nodes", HelpName = "N" };
    private readonly Option<string[]> _variables = new("--var") { Description = "A variable of the workflow; may be repeated", HelpName = "NAME=VALUE" };

    public RunOptions(Surroundings around)
    {
        _cluster = Shared.Cluster(around, "Which cluster", required: true);
        _only.AcceptOnlyFromAmong("not-done", "failed");
        _workflow.CompletionSources.Add(c => Known.Workflows(c, around));
        _nodes.CompletionSources.Add(c => Known.Nodes(c, around));
        _except.CompletionSources.Add(c => Known.Nodes(c, around));
        _knownDown.CompletionSources.Add(c => Known.Nodes(c, around));
        _fromJob.CompletionSources.Add(c => Known.Jobs(c, around));
    }

    public void AddTo(Verb verb)
    {
        verb.Add(_workflow);
        foreach (var option in new Option[] { _cluster, _nodes, _zones, _datacenters, _except, _knownDown, _fromJob, _only, _limit, _stopAfter, _variables, Shared.Reason })
        {
            verb.Add(option);
        }
    }

    public async Task<PlanForm> FormAsync(ParseResult parsed, BotClient bot, CancellationToken ct) =>
        new(parsed.GetRequiredValue(_workflow), await ClusterNames.CanonicalAsync(parsed.GetRequiredValue(_cluster), bot, ct))
        {
            Nodes = Words(parsed, _nodes), Zones = Words(parsed, _zones), Datacenters = Words(parsed, _datacenters), Except = Words(parsed, _except),
            KnownDown = Words(parsed, _knownDown), FromJob = parsed.GetValue(_fromJob), Only = parsed.GetValue(_only), Limit = parsed.GetValue(_limit),
            StopAfter = parsed.GetValue(_stopAfter), Variables = Pairs(parsed.GetValue(_variables) ?? [], "--var"), Reason = parsed.GetValue(Shared.Reason) ?? "",
        };

    /// <summary><c>name=value</c>, each name once.</summary>
    /// <exception cref="StopException">One has another form.</exception>
    public static ImmutableSortedDictionary<string, string> Pairs(IEnumerable<string> given, string option)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !pairs.TryAdd(text[..at], text[(at + 1)..]))
            {
                throw new StopException(ExitCodes.Refused, at <= 0 ? $"{option} takes NAME=VALUE, not {Clean.Quoted(text)}." : $"{option} {Clean.Line(text[..at], 80)} is given twice.");
            }
        }

        return pairs.ToImmutable();
    }

    private static Option<string[]> List(string name, string description) => new(name) { Description = description, HelpName = "A,B…" };

    /// <summary>Of lists, each separated by commas or blanks.</summary>
    public static ImmutableArray<string> Words(ParseResult parsed, Option<string[]> option) =>
        [.. (parsed.GetValue(option) ?? []).SelectMany(v => v.Split([',', ' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
}

using System.CommandLine;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Clusters;

/// <summary><c>cluster …</c>: looks only.</summary>
internal static class ClusterVerbs
{
    public static Command Of(Surroundings around) => new Verb("cluster", "Clusters: list, show, matrix (everyone's view), safe (may these be down together?)")
    {
        List(around), Show(around), Matrix(around), Safe(around),
    };

    private static Argument<string> Name(Surroundings around)
    {
        var name = new Argument<string>("cluster") { HelpName = "cluster", Description = "Its name" };
        name.CompletionSources.Add(c => Known.Clusters(c, around));
        return name;
    }

    private static Verb List(Surroundings around) => new Verb("list", "Clusters and their open jobs") { Examples = [("cluster list", "")] }.Does(async (parsed, ct) =>
    {
        using var bot = BotClient.Of(parsed, around);
        var clusters = await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct);
        return await Paper.AnswerAsync(around, parsed, clusters, () => Columns.Of(["CLUSTER", "ENVIRONMENT", "MODE", "NODES", "ZONES", "JOBS", "DEBTS"], clusters.Clusters.Select(c => new[]
        {
            c.Name, Input.Spell(c.Environment), Input.Spell(c.Mode), c.InRing == c.Nodes ? $"{c.Nodes}" : $"{c.InRing} of {c.Nodes}",
            string.Join(" ", c.Zones.Select(z => z.Zone)), string.Join(" ", c.OpenJobs.Select(j => $"{j.Id}:{Input.Spell(j.State)}")), c.OpenDebts == 0 ? "" : $"{c.OpenDebts}",
        })));
    });

    private static Verb Show(Surroundings around)
    {
        var name = Name(around);
        return new Verb("show", "A cluster's nodes, jobs, debts and policy") { Examples = [("cluster show messages-prd", "")], Arguments = { name } }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var view = await bot.AskAsync<ClusterView>(ControlRoutes.Cluster, [await ClusterNames.CanonicalAsync(parsed.GetRequiredValue(name), bot, ct)], ct);
            var c = view.Cluster;
            return await Paper.AnswerAsync(around, parsed, view, () =>
            [
                $"{Clean.Line(c.Name)} ({Input.Spell(c.Environment)}, mode {Input.Spell(c.Mode)})", "",
                .. Columns.Of(["NODE", "ZONE", "ADDRESS", "HOST ID"], view.Nodes.Select(n => new[]
                {
                    n.Name, n.Zone, n.Address, n.HostId is { } id ? $"{id}{(n.Joined ? " (not in the inventory yet)" : "")}" : "not in the ring",
                })),
                .. Part("Jobs", c.OpenJobs.Select(j => $"{j.Id} {Input.Spell(j.State)}: {j.Title}, by {j.Operator.Name}")),
                .. Part("Debts", view.Debts.Select(d => $"{d.Id}: {d.What} (until {Moments.Of(d.Deadline)}{(d.Overdue ? ", overdue" : "")}); {d.Undo}")),
                .. Part("Policy", view.Policy), .. Part("Exemptions", view.Exemptions),
            ]);
        });
    }

    private static Verb Matrix(Surroundings around)
    {
        var name = Name(around);
        return new Verb("matrix", "Everyone's view of everyone, read now; exit code 1 when somebody is down in anybody's view")
        {
            Examples = [("cluster matrix messages-prd", "")],
            Arguments = { name },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var view = await bot.AskAsync<MatrixAnswer>(ControlRoutes.Matrix, [await ClusterNames.CanonicalAsync(parsed.GetRequiredValue(name), bot, ct)], ct);
            return await Paper.AnswerAsync(
                around, parsed, view,
                () => [Clean.Block(view.Text), .. view.Down.IsEmpty ? [] : new[] { "", $"down in somebody's view: {string.Join(", ", view.Down.Select(n => Clean.Line(n, 64)))}" }],
                view.Down.IsEmpty ? ExitCodes.Done : ExitCodes.Failed);
        });
    }

    private static Verb Safe(Surroundings around)
    {
        var nodes = new Argument<string[]>("nodes") { HelpName = "nodes", Description = "Names or patterns", Arity = ArgumentArity.OneOrMore };
        nodes.CompletionSources.Add(c => Known.Nodes(c, around));
        var cluster = Shared.Cluster(around, "Which cluster; found by the first node's name");
        return new Verb("safe", "May these nodes be down together, now? Exit code 1 when not")
        {
            Examples = [("cluster safe scylla-messages-prd-us-east1-b-1 scylla-messages-prd-us-east1-b-2", ""), ("cluster safe -c messages-prd '*-b-*'", "a whole rack")],
            Arguments = { nodes },
            Options = { cluster },
        }.Does(async (parsed, ct) =>
        {
            using var bot = BotClient.Of(parsed, around);
            var names = parsed.GetRequiredValue(nodes).SelectMany(n => n.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray();
            var of = parsed.GetValue(cluster) is { } given ? await ClusterNames.CanonicalAsync(given, bot, ct) : await ClusterNames.OfNodeAsync(names[0], bot, ct, mayBePattern: true);
            var safe = await bot.AskAsync<SafeAnswer>(ControlRoutes.Safe, [of], ct, ("nodes", string.Join(',', names)));
            return await Paper.PictureAsync(around, parsed, safe, () => Verdict(safe), safe.Safe ? ExitCodes.Done : ExitCodes.Failed);
        });
    }

    private static IEnumerable<ToneLine> Verdict(SafeAnswer safe)
    {
        yield return safe.Safe
            ? new(Tone.Good, $"SAFE: {Names(safe.Nodes)} may be down together ({safe.Ranges} ranges and tablets looked at)")
            : new(Tone.Bad, $"NOT SAFE: {Clean.Line(safe.Why, 1000)}");
        if (!safe.Down.IsEmpty)
        {
            yield return new(Tone.Warning, $"  already down and counted: {Names(safe.Down)}");
        }

        if (!safe.Safe && !safe.Largest.IsEmpty)
        {
            yield return new(Tone.Plain, $"  together may be down now: {Names(safe.Largest)}{(safe.LargestIsProved ? "" : " (a larger choice may exist)")}");
        }

        if (safe.Degraded)
        {
            yield return new(Tone.Warning, "  degraded proof: CQL could not be read, so one node at a time (R25)");
        }

        foreach (var line in safe.Policy)
        {
            yield return new(Tone.Quiet, $"  {Clean.Line(line, 300)}");
        }
    }

    private static string Names(IEnumerable<string> nodes) => string.Join(", ", nodes.Select(n => Clean.Line(n, 64)));

    private static IEnumerable<string> Part(string title, IEnumerable<string> lines) =>
        lines.Select(l => $"  {Clean.Line(l, 500)}").ToArray() is { Length: > 0 } all ? ["", title, .. all] : [];
}

using System.Net;
using System.Text.Json;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Every answer of the simulated node, in every state of it, is one that Scylla's own description has.</summary>
public sealed class RouteContractTests
{
    private static readonly Dictionary<string, Func<ContractBed, string>> PathValues = new(StringComparer.Ordinal)
    {
        ["keyspace"] = _ => ContractBed.Vnodes,
        ["addr"] = b => b.Of("c1").Node.Address,
        ["endpoint"] = b => b.Of("c1").Node.Address,
        ["module"] = _ => "compaction",
        ["name"] = _ => "gossip",
        ["id"] = _ => "num_tokens",
        ["task_id"] = TaskOf,
    };

    /// <summary>What a call must bring, or needs to be answered with a 200.</summary>
    private static readonly Dictionary<string, Func<ContractBed, string>> Queries = new(StringComparer.Ordinal)
    {
        ["POST /system/logger/{name}"] = _ => "level=debug",
        ["POST /system/log"] = _ => "message=hello&level=info",
        ["GET /storage_service/keyspaces"] = _ => "type=user",
        ["POST /storage_service/snapshots"] = _ => "tag=before",
        ["DELETE /storage_service/snapshots"] = _ => "tag=before",
        ["GET /storage_service/repair_async/{keyspace}"] = b => $"id={RepairOf(b)}",
        ["GET /storage_service/repair_status"] = b => $"id={RepairOf(b)}",
        ["POST /storage_service/tablets/repair"] = _ => "ks=ledger&table=entries&tokens=all&await_completion=false",
        ["POST /storage_service/remove_node"] = b => $"host_id={b.Of("d1").Node.HostId}",
        ["POST /storage_service/exclude_node"] = b => $"hosts={b.Of("d1").Node.HostId}",
        ["POST /storage_service/tablets/balancing"] = _ => "enabled=false",
        ["POST /storage_service/compaction_throughput"] = _ => "value=64",
        ["POST /storage_service/stream_throughput"] = _ => "value=64",
        ["POST /raft/read_barrier"] = _ => "timeout=10",
        ["POST /task_manager/user_ttl"] = _ => "user_ttl=60",
        ["POST /hinted_handoff/sync_point"] = b => $"target_hosts={b.Of("c1").Node.Address}",
        ["GET /hinted_handoff/sync_point"] = b => $"id={Uri.EscapeDataString(Ask<string>(b, "POST", "/hinted_handoff/sync_point", $"target_hosts={b.Of("c1").Node.Address}"))}",
        ["GET /snitch/datacenter"] = b => $"host={b.Of("c1").Node.Address}",
        ["GET /snitch/rack"] = b => $"host={b.Of("c1").Node.Address}",
        ["GET /task_manager/wait_task/{task_id}"] = _ => "timeout=1",
    };

    private static readonly (string Name, Action<ContractBed> Reach)[] States =
    [
        ("serving", _ => { }),
        .. Enum.GetValues<StartPhase>().Select(phase => ($"starting, {phase}", new Action<ContractBed>(bed => bed.StartUntil("b1", phase)))),
        ("drained", bed => bed.Do(() => AnswerAsync(bed, "POST", "/storage_service/drain", ""))),
        ("beside a dead node", bed => bed.Stop("d1")),
        ("leaving", bed => { _ = AnswerAsync(bed, "POST", "/storage_service/decommission", ""); bed.Pass(TimeSpan.FromSeconds(20)); }),
        ("left", bed => bed.Do(() => AnswerAsync(bed, "POST", "/storage_service/decommission", ""))),
        ("joining", bed => { bed.Join(); bed.Pass(TimeSpan.FromSeconds(40)); }),
        ("quiet", bed => bed.Do(() => AnswerAsync(bed, "DELETE", "/storage_service/native_transport", ""))),
    ];

    [SharedFact]
    public void Every_route_answers_as_described_in_every_state()
    {
        var (good, wrong, answers) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), 0);
        foreach (var (state, reach) in States)
        {
            foreach (var route in NodeRest.Routes)
            {
                using var bed = new ContractBed();
                var name = $"{route.Verb} {route.Template}";
                if (name is "POST /storage_service/remove_node" or "POST /storage_service/exclude_node")
                {
                    bed.Stop("d1");
                }

                // Tasks and repairs are begun while it serves: what becomes of them is a part of the state.
                var path = PathOf(bed, route);
                var query = Queries.TryGetValue(name, out var asked) ? asked(bed) : "";
                reach(bed);
                var answer = bed.Do(() => AnswerAsync(bed, route.Verb, path, query));
                answers++;
                if (answer.Status == 200)
                {
                    good.Add(name);
                }

                if (WhyWrong(route.Verb, path, query, answer) is { } why)
                {
                    wrong.Add($"{state}: {name}: {why}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(NodeRest.Routes.Select(r => $"{r.Verb} {r.Template}").Where(name => !good.Contains(name)));
        Assert.Equal(NodeRest.Routes.Length * States.Length, answers);
    }

    private static string? WhyWrong(string verb, string path, string query, RestAnswer answer)
    {
        var swagger = ScyllaSwagger.Instance!;
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], Uri.UnescapeDataString(p[1]))).ToArray();
        if ((swagger.WhyNotCall(verb, path, pairs.Select(p => p.Key)) ?? swagger.WhyNotValues(verb, path, pairs)) is { } odd)
        {
            return $"the call itself: {odd}";
        }

        return answer.Status switch
        {
            0 => null,
            200 => swagger.WhyNotAnswer(verb, path, answer.Body),
            _ => IsError(answer) ? null : $"{answer.Status} {answer.Body} is no error of Scylla's",
        };
    }

    /// <summary>Facts 1.2: <c>{"message": …, "code": …}</c> with the status again.</summary>
    private static bool IsError(RestAnswer answer)
    {
        using var body = JsonDocument.Parse(answer.Body);
        return body.RootElement.GetProperty("code").GetInt32() == answer.Status && body.RootElement.GetProperty("message").GetString()!.Length > 0;
    }

    private static string PathOf(ContractBed bed, NodeRoute route) => "/" + string.Join('/', route.Segments.Select(
        s => s.StartsWith('{') ? PathValues[s[1..^1]](bed) : s));

    private static Task<RestAnswer> AnswerAsync(ContractBed bed, string verb, string path, string query) => bed.Rest.AnswerAsync(
        bed.SimOf("b1"), verb, path,
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => WebUtility.UrlDecode(p[1]), StringComparer.Ordinal));

    private static T Ask<T>(ContractBed bed, string verb, string path, string query) =>
        JsonSerializer.Deserialize<T>(bed.Do(() => AnswerAsync(bed, verb, path, query)).Body)!;

    private static string TaskOf(ContractBed bed) => Ask<string>(bed, "POST", "/tasks/compaction/keyspace_compaction/discord", "");

    private static long RepairOf(ContractBed bed) => Ask<long>(bed, "POST", "/storage_service/repair_async/discord", "");
}

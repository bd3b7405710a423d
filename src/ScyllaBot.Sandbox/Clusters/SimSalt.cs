using System.Globalization;
using System.Text.Json;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// salt-api (rest_cherrypy) as recorded from a real one (facts/test-bed.md 4): a login with a token, lists of low states, jobs. Minions are
/// called as their nodes. One user, whatever the name, with <see cref="Password"/>.
/// </summary>
internal sealed class SimSalt(SimCluster cluster) : ISimNeighbour
{
    private const string Denied =
        "<!DOCTYPE html PUBLIC\n\"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html>\n<head>"
        + "\n    <title>401 Unauthorized</title>\n</head>\n    <body>\n        <h2>401 Unauthorized</h2>\n    </body>\n</html>\n";

    private static readonly TimeSpan _givesUp = TimeSpan.FromSeconds(15);
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private int _ids;

    public string Kind => "salt";

    public string Password { get; set; } = "sandbox";

    public SaltMinions Minions { get; } = new(cluster);

    public Task<ServiceAnswer> AnswerAsync(ServiceCall call)
    {
        try
        {
            if (call is { Verb: "POST", Path: "/login" })
            {
                return Task.FromResult(Login(call));
            }

            if (!call.Headers.TryGetValue("X-Auth-Token", out var token) || !_tokens.Contains(token))
            {
                return Task.FromResult(new ServiceAnswer(401, Denied, "text/html;charset=utf-8"));
            }

            return call switch
            {
                { Verb: "GET" } when call.Path.StartsWith("/jobs/", StringComparison.Ordinal) => Task.FromResult(Told(call.Path["/jobs/".Length..])),
                { Verb: "POST", Path: "/" } => RunAsync(call),
                _ => Task.FromResult(new ServiceAnswer(404, "{\"status\": 404, \"return\": \"Not found\"}")),
            };
        }
        catch (JsonException)
        {
            return Task.FromResult(new ServiceAnswer(400, "{\"status\": 400, \"return\": \"Invalid JSON\"}"));
        }
    }

    private ServiceAnswer Login(ServiceCall call)
    {
        var asked = JsonSerializer.Deserialize<Dictionary<string, string>>(call.Body) ?? [];
        if (asked.GetValueOrDefault("password") != Password || !asked.TryGetValue("eauth", out var eauth))
        {
            return new ServiceAnswer(401, Denied, "text/html;charset=utf-8");
        }

        var token = cluster.Dice.Uuid($"salt-token/{_tokens.Count}").ToString("N") + "5c878c94";
        _tokens.Add(token);
        var start = cluster.Agenda.Now.ToUnixTimeMilliseconds() / 1000.0;
        return Return(new
        {
            token, expire = start + 43_200, start, user = asked.GetValueOrDefault("username"), eauth,
            perms = new[] { ".*", "@jobs", "@runner", "@wheel" },
        });
    }

    private Task<ServiceAnswer> RunAsync(ServiceCall call)
    {
        var low = JsonSerializer.Deserialize<Low[]>(call.Body, JsonSerializerOptions.Web) is [var one] ? one : throw new JsonException();
        var targets = Targets(low).ToArray();
        var cause = new Cause(call.Headers.TryGetValue("X-ScyllaBot-Step", out var step) ? step : null, null);
        return low.Client switch
        {
            "runner" => Task.FromResult(Status()),
            "local_async" => Task.FromResult(targets.Length == 0 ? Return(new { }) : Return(Start(low, targets, cause))),
            _ when targets.Length == 0 => Task.FromResult(Return(new { })),
            _ => WaitedAsync(low, targets, cause),
        };
    }

    private ServiceAnswer Status() => Return(new
    {
        up = cluster.Nodes.Select(n => n.Id.Name).Where(n => !Minions.Dead.Contains(n)), down = cluster.Nodes.Select(n => n.Id.Name).Where(Minions.Dead.Contains),
    });

    private IEnumerable<SimNode> Targets(Low low)
    {
        var names = low.Tgt.ValueKind == JsonValueKind.Array ? low.Tgt.EnumerateArray().Select(t => t.GetString()).ToArray()
            : low.Tgt.ValueKind == JsonValueKind.String ? [low.Tgt.GetString()] : [];
        return cluster.Nodes.Where(n => names is ["*"] || names.Contains(n.Id.Name, StringComparer.Ordinal));
    }

    private object Start(Low low, SimNode[] targets, Cause cause)
    {
        // A job id that minions have seen is not done again: they keep a list of them.
        var jid = low.Jid ?? NewJid();
        if (!_jobs.ContainsKey(jid))
        {
            Begin(jid, low, targets, cause);
        }

        return new { jid, minions = targets.Select(t => t.Id.Name) };
    }

    private Job Begin(string jid, Low low, SimNode[] targets, Cause cause)
    {
        var job = new Job(low, targets, cluster.Agenda.Now);
        _jobs.Add(jid, job);
        cluster.Agenda.After(low.Fun is "test.ping" ? TimeSpan.FromMilliseconds(40) : SaltMinions.Length, () =>
        {
            foreach (var node in targets.Where(n => !Minions.Dead.Contains(n.Id.Name)))
            {
                job.Results[node.Id.Name] = Minions.Run(node, low.Fun, low.Arg is [var sls, ..] ? sls : null, low.IsTest, cause)
                    ?? new SaltOutcome($"'{low.Fun}' is not available.", 254, Success: false);
            }
        });
        return job;
    }

    private Task<ServiceAnswer> WaitedAsync(Low low, SimNode[] targets, Cause cause)
    {
        var jid = NewJid();
        var job = Begin(jid, low, targets, cause);
        var answer = new TaskCompletionSource<ServiceAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var patience = (low.Fun is "test.ping" ? TimeSpan.FromMilliseconds(80) : SaltMinions.Length + TimeSpan.FromMilliseconds(300))
            + (targets.Any(t => Minions.Dead.Contains(t.Id.Name)) ? _givesUp : TimeSpan.Zero);
        cluster.Agenda.After(patience, () => answer.TrySetResult(Return(targets.ToDictionary(t => t.Id.Name, object? (t) =>
            !job.Results.TryGetValue(t.Id.Name, out var result) ? false
            : !low.FullReturn ? result.Return
            : low.Fun.StartsWith("state.", StringComparison.Ordinal) ? new { ret = result.Return, @out = "highstate", retcode = result.RetCode, jid }
            : new { ret = result.Return, retcode = result.RetCode, jid }, StringComparer.Ordinal))));
        return answer.Task;
    }

    private ServiceAnswer Told(string jid)
    {
        if (!_jobs.TryGetValue(jid, out var job))
        {
            return Json(new { info = new object[] { new { jid, Error = "Cannot contact returner or no job with this jid" } }, @return = new object[] { new { } } });
        }

        var info = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["jid"] = jid, ["Function"] = job.Low.Fun, ["Arguments"] = job.Low.Arg ?? [], ["Target"] = job.Low.Tgt, ["Target-type"] = job.Low.TgtType ?? "glob",
            ["User"] = "scp", ["Minions"] = job.Targets.Select(t => t.Id.Name),
            ["StartTime"] = job.At.ToString("yyyy, MMM dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            ["Result"] = job.Results.ToDictionary(
                r => r.Key, r => new { @return = r.Value.Return, retcode = r.Value.RetCode, success = r.Value.Success, @out = "highstate" }, StringComparer.Ordinal),
        };
        return Json(new { info = new[] { info }, @return = new[] { job.Results.ToDictionary(r => r.Key, r => r.Value.Return, StringComparer.Ordinal) } });
    }

    private string NewJid() =>
        cluster.Agenda.Now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + (++_ids).ToString("D6", CultureInfo.InvariantCulture);

    private static ServiceAnswer Return(object value) => Json(new { @return = new[] { value } });

    private static ServiceAnswer Json(object value) => new(200, JsonSerializer.Serialize(value));

    private sealed record Low(
        string Client, JsonElement Tgt, string Fun, string[]? Arg, string? Jid, Dictionary<string, JsonElement>? Kwarg,
        [property: System.Text.Json.Serialization.JsonPropertyName("tgt_type")] string? TgtType,
        [property: System.Text.Json.Serialization.JsonPropertyName("full_return")] bool FullReturn)
    {
        public bool IsTest => Kwarg is not null && Kwarg.TryGetValue("test", out var test) && test.ValueKind == JsonValueKind.True;
    }

    private sealed record Job(Low Low, SimNode[] Targets, DateTimeOffset At)
    {
        public SortedDictionary<string, SaltOutcome> Results { get; } = new(StringComparer.Ordinal);
    }
}

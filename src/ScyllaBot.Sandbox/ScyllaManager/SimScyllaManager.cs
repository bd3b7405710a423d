using System.Text.Json;
using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.ScyllaManager;

/// <summary>Scylla Manager 3 beside one cluster: its REST API below `/` or `/api/v1` (facts/scylla.md 6).</summary>
internal sealed class SimScyllaManager(SimCluster cluster) : ISimNeighbour
{
    public const string Version = "3.8.0-0.20260601.7a1b2c3d4";
    private const string Base = "/api/v1";

    private static readonly string[] _types =
        ["backup", "restore", "1_1_restore", "validate_backup", "repair", "tablet_repair"];

    private readonly Guid _id = cluster.Dice.Uuid(cluster.Name + "/manager");
    private readonly ManagerTasks _tasks = new(cluster);
    private int _calls;

    public string Kind => "manager";

    public ManagerTasks Tasks => _tasks;

    public Task<ServiceAnswer> AnswerAsync(ServiceCall call)
    {
        var path = call.Path.StartsWith(Base, StringComparison.Ordinal) ? call.Path[Base.Length..] : call.Path;
        return Task.FromResult(Route(call, path.Trim('/').Split('/')));
    }

    private ServiceAnswer Route(ServiceCall call, string[] path) => (call.Verb, path) switch
    {
        ("GET", ["version"]) => ManagerAnswers.Ok(new JsonObject { ["version"] = Version }),
        ("GET", ["clusters"]) => ManagerAnswers.Ok(new JsonArray(Cluster())),
        (_, ["cluster", var id, ..]) when id != _id.ToString() => Refuse(404, "get resource: not found"),
        ("GET", ["cluster", _]) => ManagerAnswers.Ok(Cluster()),
        ("GET", ["cluster", _, "status"]) => ManagerAnswers.Ok(ManagerAnswers.Status(cluster)),
        ("GET", ["cluster", _, "tasks"]) => List(call),
        ("POST", ["cluster", _, "tasks"]) => Create(call),
        ("GET", ["cluster", _, "suspended"]) => ManagerAnswers.Ok(_tasks.Suspended),
        ("GET", ["cluster", _, "suspended", "details"]) => ManagerAnswers.Ok(new JsonObject { ["suspended"] = _tasks.Suspended, ["allow_task_type"] = _tasks.Allowed }),
        ("PUT", ["cluster", _, "suspended"]) => SetSuspended(call),
        (_, ["cluster", _, "task", var type, var id, .. var rest]) => _tasks.Find(type, id) is { } task ? OfTask(call, task, rest) : Refuse(404, "get resource: not found"),
        _ => Refuse(404, "find endpoint: not found"),
    };

    private JsonObject Cluster() => new()
    {
        ["id"] = _id.ToString(), ["name"] = cluster.Name, ["host"] = cluster.Machines[0].Id.Address, ["port"] = 10001, ["auth_token"] = "",
        ["labels"] = new JsonObject(), ["without_repair"] = false, ["force_tls_disabled"] = false, ["force_non_ssl_session_port"] = false,
    };

    private ServiceAnswer List(ServiceCall call) => ManagerAnswers.Ok(new JsonArray([.. _tasks.All
        .Where(task => call.Ask("all") is "true" || task.Enabled)
        .Where(task => call.Ask("type") is not { Length: > 0 } type || task.Type == type)
        .Where(task => call.Ask("status") is not { Length: > 0 } status || task.Status == status)
        .Where(task => call.Ask("task_id") is not { Length: > 0 } id || task.Id.ToString() == id)
        .Select(task => (JsonNode)ManagerAnswers.ListItem(_id, task, _tasks.Suspended))]));

    private ServiceAnswer OfTask(ServiceCall call, ManagerTask task, string[] rest)
    {
        switch (call.Verb, rest)
        {
            case ("GET", []):
                return ManagerAnswers.Ok(ManagerAnswers.Task(_id, task));
            case ("DELETE", []):
                _tasks.Stop(task);
                _tasks.Remove(task);
                Record("manager-task-deleted", call);
                return ManagerAnswers.Ok(null);
            case ("PUT", ["start"]):
                return Start(call, task);
            case ("PUT", ["stop"]):
                _tasks.Stop(task);
                task.Enabled = task.Enabled && call.Ask("disable") is not "true";
                return ManagerAnswers.Ok(null);
            case ("GET", ["history"]):
                var limit = int.TryParse(call.Ask("limit"), out var most) && most > 0 ? most : 10;
                return ManagerAnswers.Ok(new JsonArray([.. Enumerable.Reverse(task.Runs).Take(limit).Select(run => (JsonNode)ManagerAnswers.Run(_id, task, run))]));
            case ("GET", [var id]) when task.Type is "repair" or "tablet_repair":
                return (id is "latest" ? task.Runs.LastOrDefault() : task.Runs.Find(run => run.Id.ToString() == id)) is { } found
                    ? ManagerAnswers.Ok(new JsonObject { ["run"] = ManagerAnswers.Run(_id, task, found), ["progress"] = ManagerAnswers.Progress(cluster, task, found) })
                    : Refuse(404, "get resource: not found");
            default:
                return Refuse(404, "find endpoint: not found");
        }
    }

    private ServiceAnswer Start(ServiceCall call, ManagerTask task)
    {
        if (call.Ask("continue") is null)
        {
            return Refuse(400, "bad request: continue is required");
        }

        if (_tasks.Suspended && task.Type != _tasks.Allowed)
        {
            return Refuse(400, "cluster is suspended, scheduling tasks is not allowed");
        }

        if (_tasks.Start(task))
        {
            Record($"manager-{task.Type}", call);
        }

        return ManagerAnswers.Ok(null);
    }

    /// <summary>A task without a schedule that is enabled runs at once.</summary>
    private ServiceAnswer Create(ServiceCall call)
    {
        if (Parse(call.Body) is not JsonObject body)
        {
            return Refuse(400, "bad request: invalid JSON");
        }

        var type = (string?)body["type"] ?? "";
        var name = (string?)body["name"] ?? "";
        if (!_types.Contains(type, StringComparer.Ordinal))
        {
            return Refuse(400, $"bad request: invalid task type {type}");
        }

        if (name.Length > 0 && _tasks.All.Any(other => other.Type == type && other.Name == name))
        {
            return Refuse(400, $"task name {name} is already used");
        }

        var task = _tasks.Add(type, added =>
        {
            added.Name = name;
            added.Enabled = (bool?)body["enabled"] ?? false;
            added.Labels = body["labels"]?.DeepClone() as JsonObject ?? [];
            added.Schedule = body["schedule"]?.DeepClone() as JsonObject ?? [];
            added.Properties = body["properties"]?.DeepClone() as JsonObject ?? [];
        });
        Record("manager-task", call);
        if (task is { Enabled: true, IsOnce: true } && !_tasks.Suspended)
        {
            _tasks.Start(task);
        }

        return ManagerAnswers.Created($"{Base}/cluster/{_id}/task/{type}/{task.Id}");
    }

    private ServiceAnswer SetSuspended(ServiceCall call)
    {
        if (Parse(call.Body) is not JsonValue value || !value.TryGetValue(out bool wanted))
        {
            return Refuse(400, "bad request: invalid JSON");
        }

        if (call.Ask("start_tasks") is null)
        {
            return Refuse(400, "bad request: start_tasks is required");
        }

        if (wanted == _tasks.Suspended)
        {
            return ManagerAnswers.Ok(null);
        }

        if (!wanted)
        {
            _tasks.Resume(call.Ask("start_tasks") is "true", call.Ask("start_tasks_missed_activation") is "true");
        }
        else if (_tasks.Suspend(call.Ask("allow_task_type"), call.Ask("suspend_policy") is "fail_if_running_tasks") is { } busy)
        {
            return Refuse(409, busy);
        }

        Record(wanted ? "manager-suspend" : "manager-resume", call);
        return ManagerAnswers.Ok(null);
    }

    /// <summary>The effect stands at the cluster's first node: the Manager is none.</summary>
    private void Record(string kind, ServiceCall call) =>
        cluster.Record(cluster.Machines[0], kind, new Cause(call.Headers.TryGetValue("X-ScyllaBot-Step", out var step) ? step : null, null));

    private ServiceAnswer Refuse(int status, string message) => ManagerAnswers.Error(status, message, $"sandbox-{++_calls}");

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.Tests.Control;

/// <summary>A request for every route there is.</summary>
internal static class RouteSamples
{
    private static readonly Dictionary<Type, object> Bodies = new()
    {
        [typeof(PlanForm)] = new PlanForm("rolling_restart", "messages-stg") { Zones = ["dc1/a"], Limit = 1, Reason = "test" },
        [typeof(TaskForm)] = new TaskForm("systemd-start-service", "messages-stg") { Node = "alpha-a-1" },
        [typeof(StartForm)] = new StartForm("0123456789abcdef"),
        [typeof(RetryForm)] = new RetryForm { Extend = true },
        [typeof(NodeForm)] = new NodeForm("alpha-a-1"),
        [typeof(AbortForm)] = new AbortForm { Now = true },
        [typeof(DecideForm)] = new DecideForm("start", true),
        [typeof(GlassForm)] = new GlassForm("start", "nobody else is awake"),
        [typeof(AnswerForm)] = new AnswerForm("yes"),
        [typeof(OwnerForm)] = new OwnerForm("root"),
        [typeof(TuneForm)] = new TuneForm(2),
        [typeof(TakeOverForm)] = new TakeOverForm("messages-stg", "the disk is full"),
        [typeof(HandBackForm)] = new HandBackForm { Others = "redo" },
        [typeof(ReasonForm)] = new ReasonForm("because"),
    };

    /// <param name="route">Of the table.</param>
    /// <param name="plan">Of a plan that was shown.</param>
    public static HttpRequestMessage Of(ControlRoute route, string plan)
    {
        var url = route.Url(route.Places.Select(p => p switch
        {
            "job" => NotedControl.KnownJob.Value,
            "cluster" => "messages-stg",
            "workflow" => "rolling_restart",
            "task" => "scylla-drain",
            "plan" => plan,
            "debt" => "0000000001AAAA-1a",
            _ => throw new InvalidOperationException($"no sample for {{{p}}}"),
        }));
        url = route == ControlRoutes.Safe ? url + "?nodes=alpha-a-1" : url;
        return route.Method == "GET" ? new HttpRequestMessage(HttpMethod.Get, url) : ControlRig.Post(url, route.Body is { } body ? Bodies[body] : null);
    }
}

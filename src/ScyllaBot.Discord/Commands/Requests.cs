using System.Globalization;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>
/// Options of a command → what the engine takes. Only the form is judged here; whether the names exist is the planner's to say.
/// </summary>
internal static class Requests
{
    /// <returns>The request, or all that is wrong with its form.</returns>
    public static (RunRequest? Request, ImmutableArray<string> Wrong) Run(CommandCall call, string requestId)
    {
        var (values, wrong) = NamedValues.Parse(call.Text("vars"));
        var (request, wrongForm) = PlanRequests.Of(
            new PlanForm(call.Text("workflow"), call.Text("cluster"))
            {
                Nodes = NamedValues.List(call.Text("nodes")), Zones = NamedValues.List(call.Text("zone")),
                Datacenters = NamedValues.List(call.Text("datacenter")), Except = NamedValues.List(call.Text("except")),
                FromJob = call.Text("from_job"), Only = call.Text("only"), Limit = Count(call, "limit"), StopAfter = Count(call, "stop_after"),
                KnownDown = NamedValues.List(call.Text("known_down")), Variables = values, Reason = call.Text("reason"),
            },
            requestId);
        wrong = [.. wrong, .. wrongForm];
        return wrong.IsEmpty ? (request, wrong) : (null, wrong);
    }

    /// <returns>The request, or all that is wrong with its form.</returns>
    public static (TaskRequest? Request, ImmutableArray<string> Wrong) Task(CommandCall call, string requestId)
    {
        var (values, wrong) = NamedValues.Parse(call.Text("vars"));
        var form = new TaskForm(call.Text("task"), call.Text("cluster"))
        {
            Node = call.Name == "node-task" ? call.Text("node") : null, Inputs = values, Reason = call.Text("reason"), Under = call.Text("under"),
            KnownDown = NamedValues.List(call.Text("known_down")),
        };
        return wrong.IsEmpty ? (PlanRequests.Of(form, requestId), wrong) : (null, wrong);
    }

    // What is no number is refused like a number that is too small.
    private static int? Count(CommandCall call, string option) => call.Text(option) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
}

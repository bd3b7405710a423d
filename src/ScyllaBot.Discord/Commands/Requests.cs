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
        var (values, wrong) = VariableText.Parse(call.Text("vars"));
        var (target, wrongTarget) = Target(call);
        wrong = [.. wrong, .. wrongTarget];
        return wrong.IsEmpty
            ? (new RunRequest(requestId, call.Text("workflow"), call.Text("cluster"), target, values, call.Text("reason")), wrong)
            : (null, wrong);
    }

    /// <returns>The request, or all that is wrong with its form.</returns>
    public static (TaskRequest? Request, ImmutableArray<string> Wrong) Task(CommandCall call, string requestId)
    {
        var (values, wrong) = VariableText.Parse(call.Text("vars"));
        var node = call.Name == "node-task" ? call.Text("node") : null;
        return wrong.IsEmpty
            ? (new TaskRequest(requestId, call.Text("task"), call.Text("cluster"), node, values, call.Text("reason"))
            {
                Under = call.Text("under") is { Length: > 0 } under ? new JobId(under) : null,
            }, wrong)
            : (null, wrong);
    }

    private static (Target Target, ImmutableArray<string> Wrong) Target(CommandCall call)
    {
        var zone = call.Text("zone");
        ImmutableArray<string> nodes =
        [
            .. call.Text("nodes").Split([' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal),
        ];
        return (nodes.IsEmpty, zone.Length > 0) switch
        {
            (false, true) => (new Target.All(), ["Give nodes or a zone, not both."]),
            (false, false) => (new Target.Named(nodes), []),
            (true, true) => (new Target.InZone(zone), []),
            _ => (new Target.All(), []),
        };
    }
}

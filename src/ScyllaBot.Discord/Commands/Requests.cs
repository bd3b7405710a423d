using System.Globalization;
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
        var (limit, wrongLimit) = Count(call, "limit");
        var (stopAfter, wrongStop) = Count(call, "stop_after");
        var (from, wrongFrom) = From(call);
        wrong = [.. wrong, .. wrongTarget, .. wrongLimit, .. wrongStop, .. wrongFrom];
        var request = new RunRequest(requestId, call.Text("workflow"), call.Text("cluster"), target, values, call.Text("reason"))
        {
            Except = Words(call.Text("except")), From = from, Limit = limit, StopAfter = stopAfter, KnownDown = Words(call.Text("known_down")),
        };
        return wrong.IsEmpty ? (request, wrong) : (null, wrong);
    }

    /// <summary>Separated by blanks or commas, as in a list; a backslash before a blank is left over from a shell's line and is none of the name.</summary>
    internal static ImmutableArray<string> Words(string text) =>
        [.. text.Split([' ', ',', '\t', '\n', '\r', '\\'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <returns>The request, or all that is wrong with its form.</returns>
    public static (TaskRequest? Request, ImmutableArray<string> Wrong) Task(CommandCall call, string requestId)
    {
        var (values, wrong) = VariableText.Parse(call.Text("vars"));
        var node = call.Name == "node-task" ? call.Text("node") : null;
        return wrong.IsEmpty
            ? (new TaskRequest(requestId, call.Text("task"), call.Text("cluster"), node, values, call.Text("reason"))
            {
                Under = call.Text("under") is { Length: > 0 } under ? new JobId(under) : null, KnownDown = Words(call.Text("known_down")),
            }, wrong)
            : (null, wrong);
    }

    private static (Target Target, ImmutableArray<string> Wrong) Target(CommandCall call)
    {
        var (nodes, zones, datacenters) = (Words(call.Text("nodes")), Words(call.Text("zone")), Words(call.Text("datacenter")));
        if (new[] { nodes, zones, datacenters }.Count(w => !w.IsEmpty) > 1)
        {
            return (new Target.All(), ["Give nodes, a zone or a datacenter, not several of them; except narrows each."]);
        }

        return (nodes, zones, datacenters) switch
        {
            ({ IsEmpty: false }, _, _) => (new Target.Named(nodes), []),
            (_, { IsEmpty: false }, _) => (Any(zones.Select(z => new Target.InZone(z))), []),
            (_, _, { IsEmpty: false }) => (Any(datacenters.Select(d => new Target.InDatacenter(d))), []),
            _ => (new Target.All(), []),
        };
    }

    private static Target Any(IEnumerable<Target> parts) => parts.ToArray() is [var only] ? only : new Target.Union([.. parts]);

    private static (int? Count, ImmutableArray<string> Wrong) Count(CommandCall call, string option) => call.Text(option) switch
    {
        "" => (null, []),
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 => (n, []),
        _ => (null, [$"{option} is a whole number, at least 1."]),
    };

    private static (FromJob? From, ImmutableArray<string> Wrong) From(CommandCall call) => (call.Text("from_job"), call.Text("only")) switch
    {
        ("", "") => (null, []),
        ("", _) => (null, ["only goes with from_job: say which job's nodes are meant."]),
        (var job, "" or "not-done") => (new FromJob(new JobId(job), JobShare.NotDone), []),
        (var job, "failed") => (new FromJob(new JobId(job), JobShare.Failed), []),
        (_, var other) => (null, [$"only is not-done or failed, not {other}."]),
    };
}

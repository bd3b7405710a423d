using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Hazards;

/// <summary>
/// Checks inside tasks and clients are switched off by what they read: their question is answered as if all were well, or is put as somebody
/// without the check would put it. A line for each hazard; everything else of the cluster answers as ever.
/// </summary>
internal static partial class Blindings
{
    /// <summary>The text of a drain says "Drained" at any time; so does the mode now.</summary>
    public static void H3(EngineBed bed) => Answer(bed, "/storage_service/operation_mode", body => body == "\"DRAINING\"" ? "\"DRAINED\"" : body);

    /// <summary>A drain is waited for without an end.</summary>
    public static void H4(EngineBed bed) =>
        bed.Ports.Alter = call => call.Uri.AbsolutePath == "/storage_service/drain" ? call with { Timeout = TimeSpan.FromDays(100) } : call;

    /// <summary>"In progress" is an error like any other.</summary>
    public static void H5(EngineBed bed) => bed.Ports.Rewrite = (_, body) => body.Replace("is in progress, try again", "failed", StringComparison.Ordinal);

    /// <summary>Nobody looks whether it began.</summary>
    public static void H6(EngineBed bed) => Answer(bed, "/task_manager/list_module_tasks/repair", _ => "[]");

    /// <summary>A path that a starting node does not have yet is a path that is refused.</summary>
    public static void H7(EngineBed bed) => bed.Ports.Restate = (_, status) => status == 404 ? 400 : status;

    /// <summary>Nobody joins or leaves, and no coordinator has anything in hand.</summary>
    public static void H13(EngineBed bed) => bed.Ports.Rewrite = (call, body) => call.What is "GET /storage_service/nodes/joining" or "GET /storage_service/nodes/leaving"
        or "GET /task_manager/list_module_tasks/node_ops" or "GET /task_manager/list_module_tasks/global_topology_requests" ? "[]" : body;

    /// <summary>Empty disks, wherever one looks.</summary>
    public static void H17(EngineBed bed) => Says(bed, "ls -A /var/lib/scylla/", _ => "");

    /// <summary>It names the others' seeds.</summary>
    public static void H18(EngineBed bed) => Reads(bed, "b3", MachineFiles.ScyllaYaml, text => text.Replace(
        $"seeds: \"{bed.Sim("b3").Id.Address}\"", $"seeds: \"{bed.Sim("b1").Id.Address}\"", StringComparison.Ordinal));

    /// <summary>It is in the rack where the inventory has it.</summary>
    public static void H20(EngineBed bed) => Reads(bed, "b3", MachineFiles.RackFile, text => text.Replace("rack=c", "rack=b", StringComparison.Ordinal));

    /// <summary>Hints are kept for a year.</summary>
    public static void H22(EngineBed bed) => Answer(bed, "/v2/config/max_hint_window_in_ms", _ => "31536000000");

    /// <summary>The version is asked for where Cassandra's is.</summary>
    public static void H29(EngineBed bed) => bed.Ports.Alter = call => Elsewhere(call, "scylla_release_version", "release_version");

    /// <summary>No process is ever another one.</summary>
    public static void H30(EngineBed bed) => Answer(bed, "/storage_service/generation_number", _ => "1");

    /// <summary>No keyspace has tablets.</summary>
    public static void H31(EngineBed bed) => bed.Ports.Rewrite =
        (call, body) => call.What.EndsWith("/storage_service/keyspaces", StringComparison.Ordinal) && call.Query.Contains("replication=tablets", StringComparison.Ordinal) ? "[]" : body;

    /// <summary>Balancing was off when it was looked at.</summary>
    public static void H32(EngineBed bed) => Says(bed, "system.topology", text => Balancing().Replace(text, "\"tablet_balancing_enabled\": false"));

    /// <summary>Snapshots are cleared without a tag.</summary>
    public static void H33(EngineBed bed) => bed.Ports.Alter = call => call is { Method: "DELETE", Uri.AbsolutePath: "/storage_service/snapshots" }
        ? call with { Uri = new UriBuilder(call.Uri) { Query = "" }.Uri } : call;

    /// <summary>Every target is scraped, and just now.</summary>
    public static void H34(EngineBed bed) => bed.Ports.Rewrite = (call, body) => call.Query.Contains("timestamp(", StringComparison.Ordinal) ? Vector(bed, 0)
        : call.Query.StartsWith("query=up{", StringComparison.Ordinal) ? Vector(bed, 1) : body;

    /// <summary>Each address has the host id that the inventory has for it.</summary>
    public static void H36(EngineBed bed) => Answer(bed, "/storage_service/host_id", body => bed.Cluster.Nodes.Aggregate(
        body, (text, node) => text.Replace($"{bed.Sim(node.Name).Id.HostId}", $"{node.HostId}", StringComparison.Ordinal)));

    /// <summary>No call says of itself that it changes something.</summary>
    public static void H37(EngineBed bed) => bed.Ports.Alter = call => call with { Once = false };

    /// <summary>Nobody ever restarts anything.</summary>
    public static void H40(EngineBed bed) => H30(bed);

    /// <summary>Any answer is a yes, as an exit code of curl has it.</summary>
    public static void H47(EngineBed bed) => Answer(bed, "/storage_service/native_transport", _ => "true");

    /// <summary>An address is found in the list of who is up wherever another one begins like it, as grep finds it; who is down is not listed.</summary>
    public static void H48(EngineBed bed) => bed.Ports.Rewrite = (call, body) =>
        call.What.EndsWith("/gossiper/endpoint/live", StringComparison.Ordinal) ? Listed(bed.Cluster.Nodes.Select(n => n.Address).Where(a => body.Contains(a, StringComparison.Ordinal)))
        : call.What.EndsWith("/gossiper/endpoint/down", StringComparison.Ordinal) ? "[]" : body;

    private static void Answer(EngineBed bed, string path, Func<string, string> instead) =>
        bed.Ports.Rewrite = (call, body) => call.What.StartsWith("GET ", StringComparison.Ordinal) && call.What.EndsWith(path, StringComparison.Ordinal) ? instead(body) : body;

    private static void Says(EngineBed bed, string words, Func<string, string> instead) =>
        bed.Ports.Rewrite = (call, output) => !call.IsHttp && call.What.Contains(words, StringComparison.Ordinal) ? instead(output) : output;

    /// <summary>A file's content with the sum that goes with it.</summary>
    private static void Reads(EngineBed bed, string node, string path, Func<string, string> instead) => bed.Ports.Rewrite = (call, output) =>
    {
        if (call.IsHttp || call.Node != node || !call.What.EndsWith(path, StringComparison.Ordinal) || bed.Sim(node).Machine.Files.Find(path) is not { } file)
        {
            return output;
        }

        var content = instead(file.Content);
        return call.What.Split(' ')[0] switch
        {
            "cat" => content,
            "sha256sum" => output.Replace(MachineFiles.Sha256(file.Content), MachineFiles.Sha256(content), StringComparison.Ordinal),
            _ => output,
        };
    };

    private static HttpCall Elsewhere(HttpCall call, string path, string instead) =>
        call.Uri.AbsolutePath.EndsWith("/" + path, StringComparison.Ordinal) ? call with { Uri = new Uri(call.Uri, instead) } : call;

    private static string Listed(IEnumerable<string> addresses) => $"[{string.Join(',', addresses.Select(a => $"\"{a}\""))}]";

    private static string Vector(EngineBed bed, double value)
    {
        var now = bed.Time.GetUtcNow().ToUnixTimeSeconds();
        return JsonSerializer.Serialize(new
        {
            status = "success",
            data = new { resultType = "vector", result = bed.Cluster.Nodes.Select(n => new { metric = new { instance = n.Address }, value = new object[] { now, $"{value}" } }) },
        });
    }

    [GeneratedRegex("\"tablet_balancing_enabled\": *true", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Balancing();
}

using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests;

/// <summary>A cluster to talk about: six nodes, two in each of the racks b, c and d.</summary>
internal static class TestClusters
{
    public static Cluster Messages { get; } = new("messages-stg", ClusterEnvironment.Staging, ClusterMode.Run,
        [.. new[] { "b-1", "b-2", "c-1", "c-2", "d-1", "d-2" }.Select((name, i) => Node($"messages-{name}", i + 1, name[..1]))]);

    public static WorkflowValues Values(params (string Name, string Value)[] given) => new()
    {
        Cluster = Messages, JobId = "01JOB", Operator = "mara",
        Given = given.ToImmutableSortedDictionary(g => g.Name, g => g.Value, StringComparer.Ordinal),
    };

    private static Node Node(string name, int number, string rack) => new(
        name, $"10.0.1.{number}", new Guid(number, 0, 0, new byte[8]), new Zone("us-east1", rack))
    {
        Api = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{40000 + number}/")),
        Metrics = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{41000 + number}/metrics")),
    };
}

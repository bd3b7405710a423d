using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>What a scylla.yaml option may hold.</summary>
internal enum OptionType
{
    Whole,
    Number,
    Flag,
    Text,
    List,

    /// <summary>A structure that nothing here looks into.</summary>
    Other,
}

/// <summary>One option that the simulated scylla knows. <paramref name="Live"/>: a SIGHUP changes it (facts/scylla.md 4.3).</summary>
internal sealed partial record ConfigOption(string Name, OptionType Type, string Default, bool Live = false)
{
    public static IReadOnlyList<ConfigOption> All { get; } =
    [
        new("cluster_name", OptionType.Text, "\"\""),
        new("num_tokens", OptionType.Whole, "1"),
        new("listen_address", OptionType.Text, "\"localhost\""),
        new("rpc_address", OptionType.Text, "\"localhost\""),
        new("api_address", OptionType.Text, "\"\""),
        new("api_port", OptionType.Whole, "10000"),
        new("prometheus_address", OptionType.Text, "\"\""),
        new("prometheus_port", OptionType.Whole, "9180"),
        new("native_transport_port", OptionType.Whole, "9042"),
        new("endpoint_snitch", OptionType.Text, "\"org.apache.cassandra.locator.SimpleSnitch\""),
        new("seed_provider", OptionType.Other, "\"org.apache.cassandra.locator.SimpleSeedProvider\""),
        new("data_file_directories", OptionType.List, "[]"),
        new("commitlog_directory", OptionType.Text, "\"\""),
        new("hints_directory", OptionType.Text, "\"\""),
        new("view_hints_directory", OptionType.Text, "\"\""),
        new("workdir", OptionType.Text, "\"/var/lib/scylla\""),
        new("authenticator", OptionType.Text, "\"AllowAllAuthenticator\""),
        new("max_hint_window_in_ms", OptionType.Whole, "10800000"),
        new("hinted_handoff_enabled", OptionType.Text, "\"true\""),
        new("internode_compression", OptionType.Text, "\"none\""),
        new("compaction_throughput_mb_per_sec", OptionType.Whole, "0", Live: true),
        new("stream_io_throughput_mb_per_sec", OptionType.Whole, "0", Live: true),
        new("compaction_static_shares", OptionType.Number, "0", Live: true),
        new("max_hinted_handoff_concurrency", OptionType.Whole, "0", Live: true),
        new("failure_detector_timeout_in_ms", OptionType.Whole, "20000", Live: true),
        new("read_request_timeout_in_ms", OptionType.Whole, "5000", Live: true),
        new("write_request_timeout_in_ms", OptionType.Whole, "2000", Live: true),
        new("service_levels_interval_ms", OptionType.Whole, "10000", Live: true),
        new("tombstone_warn_threshold", OptionType.Whole, "1000"),
        new("auto_snapshot", OptionType.Flag, "true"),
        new("enable_repair_based_node_ops", OptionType.Flag, "true", Live: true),
    ];

    public static ConfigOption? Find(string name) => All.FirstOrDefault(option => string.Equals(option.Name, name, StringComparison.Ordinal));

    /// <returns>The value as JSON; null when the text is not of the option's type.</returns>
    public string? Convert(string text) => Type switch
    {
        OptionType.Whole => long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : null,
        OptionType.Number => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : null,
        OptionType.Flag => text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" => "true",
            "false" or "no" or "off" => "false",
            _ => null,
        },
        OptionType.List => JsonSerializer.Serialize(Items(text)),
        OptionType.Text => JsonSerializer.Serialize(text),
        _ => Default,
    };

    private static string[] Items(string text) =>
        [.. Item().Matches(text).Select(match => match.Groups["item"].Value.Trim('"', '\'')).Where(item => item.Length > 0)];

    [GeneratedRegex(@"(?:^|\n)\s*-\s+(?<item>[^\n]+)|(?:^\[|,)\s*(?<item>[^,\]\n]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();
}

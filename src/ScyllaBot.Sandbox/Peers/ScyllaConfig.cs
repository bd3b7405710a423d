using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>
/// `scylla.yaml` as far as a bed needs it: one `name: value` a line, read at the start and again at SIGHUP, when only live options change
/// (facts/scylla.md 4.3). A value that does not convert is an error line and the old value stays; an unknown name only warns.
/// </summary>
internal sealed partial class ScyllaConfig
{
    private static readonly ImmutableSortedDictionary<string, Option> _known = new Option[]
    {
        new("cluster_name", "", Live: false),
        new("listen_address", "localhost", Live: false),
        new("rpc_address", "localhost", Live: false),
        new("api_address", "", Live: false),
        new("api_port", 10000L, Live: false),
        new("prometheus_address", "", Live: false),
        new("prometheus_port", 9180L, Live: false),
        new("native_transport_port", 9042L, Live: false),
        new("seeds", "", Live: false),
        new("num_tokens", 256L, Live: false),
        new("endpoint_snitch", "org.apache.cassandra.locator.SimpleSnitch", Live: false),
        new("hinted_handoff_enabled", "true", Live: false),
        new("max_hint_window_in_ms", 10_800_000L, Live: false),
        new("compaction_throughput_mb_per_sec", 0L, Live: true),
        new("stream_io_throughput_mb_per_sec", 0L, Live: true),
        new("failure_detector_timeout_in_ms", 20_000L, Live: true),
        new("read_request_timeout_in_ms", 5_000L, Live: true),
        new("write_request_timeout_in_ms", 2_000L, Live: true),
        new("max_concurrent_requests_per_shard", 4_294_967_295L, Live: true),
        new("max_hinted_handoff_concurrency", 0L, Live: true),
        new("auto_snapshot", true, Live: true),
    }.ToImmutableSortedDictionary(option => option.Name, option => option, StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, object> _values;

    private ScyllaConfig(ImmutableSortedDictionary<string, object> values) => _values = values;

    /// <summary>The configuration of a starting process; a file that is no YAML is an error, as it stops the real one.</summary>
    public static (ScyllaConfig? Config, ImmutableArray<string> Lines) Start(string text)
    {
        var config = new ScyllaConfig(_known.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Default, StringComparer.Ordinal));
        return Pairs(text) is (var pairs, null)
            ? (config, config.Take(pairs, isStart: true))
            : (null, [$"error: {Pairs(text).Error}"]);
    }

    public string this[string name] => Convert.ToString(_values[name], CultureInfo.InvariantCulture)!;

    /// <summary>`GET /v2/config/{name}`: the value as JSON, null for no such entry.</summary>
    public string? Json(string name) => _values.TryGetValue(name, out var value) ? JsonSerializer.Serialize(value) : null;

    /// <summary>SIGHUP; returns what the journal says of it.</summary>
    public ImmutableArray<string> Reload(string text)
    {
        const string Begin = "re-reading configuration file";
        return Pairs(text) is (var pairs, null)
            ? [Begin, .. Take(pairs, isStart: false), "completed re-reading configuration file"]
            : [Begin, $"failed to re-read configuration file: {Pairs(text).Error}"];
    }

    private ImmutableArray<string> Take(ImmutableArray<(string Name, string Value)> pairs, bool isStart)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var given = pairs.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, text) in given)
        {
            if (!_known.TryGetValue(name, out var option))
            {
                lines.Add($"warning: Unknown option : {name}");
            }
            else if (option.Live || isStart)
            {
                if (option.Read(text) is { } value)
                {
                    _values = _values.SetItem(name, value);
                }
                else
                {
                    lines.Add($"error: bad conversion : {name}");
                }
            }
        }

        return lines.ToImmutable();
    }

    /// <summary>Lines that are indented belong to the option above and are not looked at; a tab there is no YAML.</summary>
    private static (ImmutableArray<(string Name, string Value)> Pairs, string? Error) Pairs(string text)
    {
        var pairs = ImmutableArray.CreateBuilder<(string, string)>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()))
        {
            number++;
            if (line.Length == 0 || line[0] is '#' or ' ' or '-')
            {
                continue;
            }

            var match = Entry().Match(line);
            if (!match.Success)
            {
                return ([], $"yaml-cpp: error at line {number}, column 1: illegal map value");
            }

            pairs.Add((match.Groups["name"].Value, match.Groups["value"].Value.Trim('"', '\'', ' ')));
        }

        return (pairs.ToImmutable(), null);
    }

    [GeneratedRegex(@"^(?<name>\w+):(?<value>( [^#]*)?)(#.*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();

    private sealed record Option(string Name, object Default, bool Live)
    {
        public object? Read(string text) => Default switch
        {
            long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            bool => bool.TryParse(text, out var flag) ? flag : null,
            _ => text,
        };
    }
}

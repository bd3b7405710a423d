using System.Globalization;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>One range of a keyspace or one tablet of a table, with the replicas it has now (facts 1.8).</summary>
/// <param name="Start">Exclusive; empty for the first tablet.</param>
/// <param name="End">Inclusive; empty for the last tablet.</param>
public sealed record RingRange(string Start, string End, ImmutableArray<RingReplica> Replicas)
{
    /// <summary>Replicas that are to be, while data moves; only CQL tells them, and only of tablets. None of them is in <see cref="Replicas"/>.</summary>
    public ImmutableArray<RingReplica> Pending { get; init; } = [];
}

public sealed record RingReplica(string Address, string Datacenter, string Rack);

/// <summary>One node's REST API (facts/scylla.md 1): typed, one method per verb a task needs, failures classified here and only here.</summary>
/// <param name="node">Who is asked.</param>
/// <param name="http">Port.</param>
/// <param name="stamp">For which step.</param>
/// <param name="patience">For one read; default 10 s.</param>
public sealed partial class ScyllaApi(Node node, IHttpExchange http, StepStamp stamp, TimeSpan? patience = null)
{
    /// <summary>A ring of 300 nodes with 256 vnodes each is some 40 MiB of JSON.</summary>
    private const int MostRingBytes = 128 * 1024 * 1024;

    /// <summary>Why a reading that is null is null: the first that failed. For people; nothing decides by it.</summary>
    public string? Silence { get; private set; }

    /// <summary>How far the first of those readings came that had no answer at all; null: each had one.</summary>
    public ExchangeFailure? Broken { get; private set; }

    private readonly TimeSpan _readTimeout = patience ?? TimeSpan.FromSeconds(10);

    /// <summary>Mode string, or null while the node is not ready to say (refused, 404, starting: facts 1.3).</summary>
    public async Task<string?> OperationModeAsync(CancellationToken ct) => await TryReadAsync<string>("storage_service/operation_mode", ct);

    /// <summary>Whether CQL is served; null while the node is not ready to say.</summary>
    public async Task<bool?> NativeTransportAsync(CancellationToken ct) => await TryReadAsync<bool?>("storage_service/native_transport", ct);

    /// <summary>Gossip generation ≈ unix seconds of the last start; null while not ready.</summary>
    public async Task<long?> GenerationAsync(CancellationToken ct) => await TryReadAsync<long?>("storage_service/generation_number", ct);

    public async Task<ImmutableArray<string>?> LiveAsync(CancellationToken ct) => await TryReadAsync<ImmutableArray<string>?>("gossiper/endpoint/live", ct);

    public async Task<ImmutableArray<string>?> DownAsync(CancellationToken ct) => await TryReadAsync<ImmutableArray<string>?>("gossiper/endpoint/down", ct);

    /// <summary>Address → host id as this node knows them; null while not ready or gossip is off.</summary>
    public async Task<ImmutableSortedDictionary<string, Guid>?> HostIdsAsync(CancellationToken ct) =>
        await TryReadAsync<ImmutableArray<Pair<Guid>>?>("storage_service/host_id", ct) is { } pairs ? MapOf(pairs, "storage_service/host_id") : null;

    /// <summary>Schema version → addresses, among the members this node sees live; null while not ready.</summary>
    public async Task<ImmutableSortedDictionary<string, ImmutableArray<string>>?> SchemaVersionsAsync(CancellationToken ct) =>
        await TryReadAsync<ImmutableArray<Pair<ImmutableArray<string>>>?>("storage_proxy/schema_versions", ct) is { } pairs
            ? MapOf(pairs, "storage_proxy/schema_versions") : null;

    public async Task<ImmutableArray<string>?> JoiningAsync(CancellationToken ct) => await TryReadAsync<ImmutableArray<string>?>("storage_service/nodes/joining", ct);

    public async Task<ImmutableArray<string>?> LeavingAsync(CancellationToken ct) => await TryReadAsync<ImmutableArray<string>?>("storage_service/nodes/leaving", ct);

    /// <summary>Scylla's version; <c>release_version</c> would be Cassandra's (facts 7.29).</summary>
    public Task<string> VersionAsync(CancellationToken ct) => ReadAsync<string>("storage_service/scylla_release_version", ct);

    /// <summary>The node's own host id.</summary>
    public Task<Guid> LocalHostIdAsync(CancellationToken ct) => ReadAsync<Guid>("storage_service/hostid/local", ct);

    /// <summary>What the nodes themselves call their cluster.</summary>
    public Task<string> ClusterNameAsync(CancellationToken ct) => ReadAsync<string>("storage_service/cluster_name", ct);

    public Task<string> DatacenterAsync(string address, CancellationToken ct) => ReadAsync<string>($"snitch/datacenter?host={Uri.EscapeDataString(address)}", ct);

    public Task<string> RackAsync(string address, CancellationToken ct) => ReadAsync<string>($"snitch/rack?host={Uri.EscapeDataString(address)}", ct);

    /// <param name="tablets">True: tablet keyspaces; false: vnode keyspaces. Node-local ones are never listed.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ImmutableArray<string>> KeyspacesAsync(bool tablets, CancellationToken ct)
    {
        // Before 6.0 there are no tablets and no filter: a parameter that a node does not know it may ignore, and then list everything.
        if (await NumberedVersionAsync(ct) is { } version && version < Tablets)
        {
            return tablets ? [] : await ReadAsync<ImmutableArray<string>>("storage_service/keyspaces?type=non_local_strategy", ct);
        }

        return await ReadAsync<ImmutableArray<string>>($"storage_service/keyspaces?type=non_local_strategy&replication={(tablets ? "tablets" : "vnodes")}", ct);
    }

    private static readonly ScyllaVersion Tablets = new(6, 0);

    /// <summary>Every range with its replicas. A tablet keyspace needs the table (facts 1.8).</summary>
    public async Task<ImmutableArray<RingRange>> DescribeRingAsync(string keyspace, string? table, CancellationToken ct)
    {
        var path = $"storage_service/describe_ring/{Uri.EscapeDataString(keyspace)}{(table is null ? "" : $"?table={Uri.EscapeDataString(table)}")}";
        var ring = await ReadAsync<ImmutableArray<RangeJson>>(path, ct, MostRingBytes);
        return ListOf(ring, path, r => new RingRange(
            Text(r.start_token), Text(r.end_token), [.. r.endpoint_details.Select(d => new RingReplica(Text(d.host), Text(d.datacenter), d.rack ?? ""))]));
    }

    /// <summary>Names of a keyspace's tables (facts: /column_family lists ks and cf).</summary>
    public async Task<ImmutableArray<string>> TablesAsync(string keyspace, CancellationToken ct) =>
        [.. ListOf(await ReadAsync<ImmutableArray<TableJson>>("column_family/", ct), "column_family", t => (Keyspace: Text(t.ks), Table: Text(t.cf)))
            .Where(t => string.Equals(t.Keyspace, keyspace, StringComparison.Ordinal)).Select(t => t.Table).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Flushes, stops CQL, leaves gossip (facts 1.10). Blocks 2 s and more. A second drain of a drained node is a no-op.</summary>
    /// <exception cref="RecoverableException">Busy with another exclusive operation, or never reached the node.</exception>
    /// <exception cref="UnrecoverableException">It did not finish in time or answered an error: its mode must be looked at.</exception>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken ct) =>
        await SendAsync("POST", "storage_service/drain", timeout, changes: true, ct);

    private async Task<T?> TryReadAsync<T>(string path, CancellationToken ct)
    {
        try
        {
            return await ReadAsync<T>(path, ct);
        }
        catch (RecoverableException silent)
        {
            Silence ??= silent.Message;
            Broken ??= (silent.InnerException as ExchangeException)?.Failure;
            return default;
        }
    }

    private async Task<T> ReadAsync<T>(string path, CancellationToken ct, int? maxBytes = null)
    {
        var body = await SendAsync("GET", path, _readTimeout, changes: false, ct, maxBytes);
        return Parse<T>(body, path);
    }

    private T Parse<T>(ReadOnlyMemory<byte> body, string path) =>
        Taken(path, () => JsonSerializer.Deserialize<T>(body.Span, Json) ?? throw new UnrecoverableException($"{node.Name}: {path} answered null"));

    private T Taken<T>(string path, Func<T> take) => Answers.Take($"{node.Name}: {path}", take);

    private ImmutableArray<TResult> ListOf<T, TResult>(ImmutableArray<T> list, string path, Func<T, TResult> each) => Taken<ImmutableArray<TResult>>(path, () => [.. list.Select(each)]);

    private ImmutableSortedDictionary<string, T> MapOf<T>(ImmutableArray<Pair<T>> pairs, string path) =>
        Taken(path, () => pairs.ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));

    private static string Text(string? said) => said ?? throw new FormatException("a text is missing");

    private async Task<ReadOnlyMemory<byte>> SendAsync(string method, string path, TimeSpan timeout, bool changes, CancellationToken ct, int? maxBytes = null)
    {
        var answer = await ExchangeAsync(method, path, timeout, changes, ct, maxBytes);
        return answer.Status == 200 ? answer.Body : throw Classify(answer, path, changes);
    }

    /// <summary>The answer, whatever its status: for calls where a status other than 200 means something of its own.</summary>
    private async Task<HttpAnswer> ExchangeAsync(string method, string path, TimeSpan timeout, bool changes, CancellationToken ct, int? maxBytes = null)
    {
        var call = new HttpCall(method, new Uri(node.Api, path), timeout) 
        {
            Node = node, Headers = [new("X-ScyllaBot-Step", stamp.ToString())], Once = changes,
        };
        call = maxBytes is { } most ? call with { MaxBytes = most } : call;
        try
        {
            return await http.SendAsync(call, ct);
        }
        catch (ExchangeException broken)
        {
            throw Classify(broken, path, changes);
        }
    }

    private Exception Classify(ExchangeException broken, string path, bool changes) =>
        !changes || broken.Failure == ExchangeFailure.NotConnected
            ? new RecoverableException($"{node.Name}: {path}: {broken.Message}", broken)
            : new UnrecoverableException($"{node.Name}: {path}: no answer ({broken.Message}); what it did is unknown", broken);

    private Exception Classify(HttpAnswer answer, string path, bool changes)
    {
        var message = MessageOf(answer);
        var text = string.Create(CultureInfo.InvariantCulture, $"{node.Name}: {path}: {answer.Status} {message}");
        var busy = message.Contains("is in progress, try again", StringComparison.Ordinal);
        // 404 = not registered yet or no more (starting, stopping: facts 1.3). A 5xx to a read may pass; to a change it may not be repeated blindly.
        // A keyspace or table that was listed a moment ago and is gone: whoever looks again lists anew.
        var gone = !changes && answer.Status == 400 && message.Contains("Can't find a ", StringComparison.Ordinal);
        return busy || gone || answer.Status == 404 || (!changes && answer.Status >= 500) ? new RecoverableException(text) : new UnrecoverableException(text);
    }

    private static string MessageOf(HttpAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<ErrorJson>(answer.Body.Span, Json)?.message ?? "";
        }
        catch (JsonException)
        {
            return "(no readable message)";
        }
    }

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString };

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record Pair<T>([property: System.Text.Json.Serialization.JsonPropertyName("key")] string Key, [property: System.Text.Json.Serialization.JsonPropertyName("value")] T Value);

    private sealed record ErrorJson(string? message, int code);

    private sealed record TableJson(string ks, string cf);

    private sealed record RangeJson(string start_token, string end_token, ImmutableArray<ReplicaJson> endpoint_details);

    private sealed record ReplicaJson(string host, string datacenter, string? rack);
#pragma warning restore IDE1006, SA1300
}

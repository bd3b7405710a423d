using System.Globalization;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>One cluster in a Scylla Manager (facts 6): typed, failures classified here with the Manager's own sentence and trace id.</summary>
/// <param name="endpoint">Where, and what the Manager calls the cluster.</param>
/// <param name="http">Port.</param>
/// <param name="stamp">For which step.</param>
public sealed class ScyllaManager(ManagerEndpoint endpoint, IHttpExchange http, StepStamp stamp)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Guid? _cluster;

    /// <exception cref="UnrecoverableException">The inventory names none.</exception>
    public static ScyllaManager Of(ClusterContext context) => context.Cluster.Manager is { } endpoint
        ? new ScyllaManager(endpoint, context.Http, context.Stamp)
        : throw new UnrecoverableException($"{context.Cluster.Name}: the inventory names no Scylla Manager");

    public async Task<string> VersionAsync(CancellationToken ct) => (await ReadAsync<ManagerWire.Version>("version", ct)).Text;

    public async Task<ImmutableArray<ManagedCluster>> ClustersAsync(CancellationToken ct) =>
        await ListAsync<ManagerWire.Cluster, ManagedCluster>("clusters", c => new ManagedCluster(c.Id, c.Name ?? ""), ct);

    /// <summary>The cluster's id, by the name or id that the inventory gives.</summary>
    /// <exception cref="UnrecoverableException">The Manager knows no such cluster.</exception>
    public async Task<Guid> ClusterIdAsync(CancellationToken ct)
    {
        if (_cluster is { } known)
        {
            return known;
        }

        var all = await ClustersAsync(ct);
        var found = all.FirstOrDefault(c => string.Equals(c.Name, endpoint.ClusterName, StringComparison.Ordinal))
            ?? all.FirstOrDefault(c => string.Equals(c.Id.ToString(), endpoint.ClusterName, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnrecoverableException($"Manager: no cluster {endpoint.ClusterName}; it knows {string.Join(", ", all.Select(c => c.Name))}");
        _cluster = found.Id;
        return found.Id;
    }

    /// <summary>Every task, disabled ones too.</summary>
    /// <param name="type">Null: of all types.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ImmutableArray<ManagedTask>> TasksAsync(string? type, CancellationToken ct)
    {
        var filter = type is null ? "" : $"&type={Uri.EscapeDataString(type)}";
        return await ListAsync<ManagerWire.Task, ManagedTask>($"{await BaseAsync(ct)}/tasks?all=true{filter}", t => t.ToTask(), ct);
    }

    /// <returns>What is stored of it; its status is not among that.</returns>
    public async Task<ManagedTask> TaskAsync(string type, Guid id, CancellationToken ct)
    {
        var path = await PathAsync(type, id, ct);
        return Answers.Take($"Manager: {path}", (await ReadAsync<ManagerWire.Task>(path, ct)).ToTask);
    }

    /// <summary>Runs a task now. Asked while it runs, nothing happens; asked after it ended, it runs again.</summary>
    /// <param name="resume">Go on where the last run stopped.</param>
    public async Task StartAsync(string type, Guid id, bool resume, CancellationToken ct) =>
        await SendAsync("PUT", $"{await PathAsync(type, id, ct)}/start?continue={Text(resume)}", null, repeatable: false, ct);

    /// <summary>Asks the run to end; it is STOPPING for a while.</summary>
    public async Task StopAsync(string type, Guid id, CancellationToken ct) =>
        await SendAsync("PUT", $"{await PathAsync(type, id, ct)}/stop?disable=false", null, repeatable: true, ct);

    public async Task DeleteTaskAsync(string type, Guid id, CancellationToken ct) =>
        await SendAsync("DELETE", await PathAsync(type, id, ct), null, repeatable: true, ct);

    /// <summary>Runs, newest first.</summary>
    public async Task<ImmutableArray<ManagedRun>> HistoryAsync(string type, Guid id, int limit, CancellationToken ct)
    {
        var path = $"{await PathAsync(type, id, ct)}/history?limit={limit.ToString(CultureInfo.InvariantCulture)}";
        return await ListAsync<ManagerWire.Run, ManagedRun>(path, r => r.ToRun(), ct);
    }

    /// <summary>Of the newest run of a repair, or of a tablet repair, whose progress is its tables.</summary>
    public async Task<ManagedProgress> ProgressAsync(string type, Guid id, CancellationToken ct)
    {
        var path = $"{await PathAsync(type, id, ct)}/latest";
        var progress = await ReadAsync<ManagerWire.Progress>(path, ct);
        return Answers.Take($"Manager: {path}", () => ProgressOf(progress));
    }

    public async Task<bool> IsSuspendedAsync(CancellationToken ct) => await ReadAsync<bool>($"{await BaseAsync(ct)}/suspended", ct);

    /// <summary>Whether it is suspended, and which type of task runs nevertheless; empty = none.</summary>
    public async Task<(bool Suspended, string Allowed)> SuspensionAsync(CancellationToken ct)
    {
        var details = await ReadAsync<ManagerWire.Suspension>($"{await BaseAsync(ct)}/suspended/details", ct);
        return (details.Suspended, details.AllowTaskType ?? "");
    }

    /// <summary>Lets nothing start any more. Never stops what runs: then it is refused.</summary>
    /// <returns>Null when it is suspended; otherwise what runs, in the Manager's words.</returns>
    public async Task<string?> SuspendAsync(CancellationToken ct)
    {
        var path = $"{await BaseAsync(ct)}/suspended?start_tasks=false&suspend_policy=fail_if_running_tasks";
        var answer = await ExchangeAsync("PUT", path, "true"u8.ToArray(), repeatable: true, ct);
        return answer.Status == 200 ? null : answer.Status == 409 ? Words(answer) : throw Classify(answer, path, repeatable: true);
    }

    /// <summary>Lets tasks start again.</summary>
    /// <param name="missed">Also those that should have begun while it was suspended, at once.</param>
    /// <param name="ct">Cancels.</param>
    public async Task ResumeAsync(bool missed, CancellationToken ct) => await SendAsync(
        "PUT", $"{await BaseAsync(ct)}/suspended?start_tasks=true{(missed ? "&start_tasks_missed_activation=true" : "")}", "false"u8.ToArray(), repeatable: true, ct);

    /// <summary>Creates a repair that runs once, at once, with no retries of its own.</summary>
    /// <exception cref="UnrecoverableException">Refused; or no answer came: look for its name.</exception>
    public Task<Guid> CreateRepairAsync(RepairOrder order, CancellationToken ct) => CreateAsync(
        new ManagerWire.TaskUpdate(
            "repair", order.Name, Enabled: true, new Dictionary<string, string>(StringComparer.Ordinal) { ["scyllabot"] = stamp.Job },
            new ManagerWire.Schedule(null, null, NumRetries: 0),
            new ManagerWire.Properties(order.Keyspaces.IsEmpty ? null : order.Keyspaces, order.Intensity, order.Parallel, AllowEmpty: null)),
        ct);

    /// <summary>A task that never runs and only carries labels: what the bot leaves in the Manager for whoever comes after it (R13, R26).</summary>
    public Task<Guid> CreateMarkAsync(string name, ImmutableSortedDictionary<string, string> labels, CancellationToken ct) => CreateAsync(
        new ManagerWire.TaskUpdate(
            "repair", name, Enabled: false, new Dictionary<string, string>(labels, StringComparer.Ordinal),
            new ManagerWire.Schedule(null, null, NumRetries: 0), new ManagerWire.Properties(["*"], null, null, AllowEmpty: true)),
        ct);

    private static string Text(bool flag) => flag ? "true" : "false";

    private static int Share(ImmutableArray<ManagerWire.TabletTable> tables, Func<ManagerWire.TabletTable, bool> which) =>
        tables.Length == 0 ? 0 : 100 * tables.Count(which) / tables.Length;

    private async Task<Guid> CreateAsync(ManagerWire.TaskUpdate task, CancellationToken ct)
    {
        var path = $"{await BaseAsync(ct)}/tasks";
        var answer = await ExchangeAsync("POST", path, JsonSerializer.SerializeToUtf8Bytes(task, ManagerWire.Json), repeatable: false, ct);
        if (answer.Status != 201)
        {
            throw Classify(answer, path, repeatable: false);
        }

        var location = answer.Headers.FirstOrDefault(h => string.Equals(h.Key, "Location", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        return Guid.TryParse(location.TrimEnd('/').Split('/')[^1], out var id)
            ? id : throw new UnrecoverableException($"Manager: {path}: created, but where is not told");
    }

    private async Task<string> BaseAsync(CancellationToken ct) => $"cluster/{await ClusterIdAsync(ct)}";

    private async Task<string> PathAsync(string type, Guid id, CancellationToken ct) => $"{await BaseAsync(ct)}/task/{Uri.EscapeDataString(type)}/{id}";

    private static ManagedProgress ProgressOf(ManagerWire.Progress progress)
    {
        var tables = progress.Done?.Tables ?? [];
        return progress.Done is { SuccessPercentage: { } success }
            ? new ManagedProgress(progress.Run.ToRun(), (int)success, (int)(progress.Done.ErrorPercentage ?? 0))
            : new ManagedProgress(progress.Run.ToRun(), Share(tables, t => t.CompletedAt is not null && !t.HasFailed), Share(tables, t => t.HasFailed));
    }

    private async Task<ImmutableArray<TResult>> ListAsync<T, TResult>(string path, Func<T, TResult> each, CancellationToken ct)
    {
        var list = await ReadAsync<ImmutableArray<T>>(path, ct);
        return Answers.Take<ImmutableArray<TResult>>($"Manager: {path}", () => [.. list.Select(each)]);
    }

    private async Task<T> ReadAsync<T>(string path, CancellationToken ct)
    {
        var body = (await SendAsync("GET", path, null, repeatable: true, ct)).Body;
        return Answers.Take(
            $"Manager: {path}", () => JsonSerializer.Deserialize<T>(body.Span, ManagerWire.Json) ?? throw new UnrecoverableException($"Manager: {path} answered null"));
    }

    private async Task<HttpAnswer> SendAsync(string method, string path, byte[]? body, bool repeatable, CancellationToken ct)
    {
        var answer = await ExchangeAsync(method, path, body, repeatable, ct);
        return answer.Status is 200 or 201 ? answer : throw Classify(answer, path, repeatable);
    }

    private async Task<HttpAnswer> ExchangeAsync(string method, string path, byte[]? body, bool repeatable, CancellationToken ct)
    {
        var root = endpoint.Url.AbsoluteUri.EndsWith('/') ? endpoint.Url : new Uri(endpoint.Url.AbsoluteUri + "/");
        var call = new HttpCall(method, new Uri(root, path), Patience)
        {
            Headers = [new("X-ScyllaBot-Step", stamp.ToString())], Body = body, ContentType = body is null ? null : "application/json",
        };
        try
        {
            return await http.SendAsync(call, ct);
        }
        catch (ExchangeException broken)
        {
            throw repeatable || broken.Failure == ExchangeFailure.NotConnected
                ? new RecoverableException($"Manager: {path}: {broken.Message}", broken)
                : new UnrecoverableException($"Manager: {path}: no answer ({broken.Message}); what it did is unknown", broken);
        }
    }

    private static Exception Classify(HttpAnswer answer, string path, bool repeatable)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Manager: {path.Split('?')[0]}: {answer.Status} {Words(answer)}");
        return answer.Status == 409 || (repeatable && answer.Status >= 500) ? new RecoverableException(text) : new UnrecoverableException(text);
    }

    private static string Words(HttpAnswer answer)
    {
        try
        {
            var said = JsonSerializer.Deserialize<ManagerWire.Failure>(answer.Body.Span, ManagerWire.Json);
            return $"{said?.Message ?? "(no message)"}{(string.IsNullOrEmpty(said?.TraceId) ? "" : $" (trace {said.TraceId})")}";
        }
        catch (JsonException)
        {
            return "(no readable message)";
        }
    }
}

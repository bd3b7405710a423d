using System.Globalization;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A long operation as the task manager knows it (facts 1.15).</summary>
/// <param name="Type">Such as <c>decommission</c>, <c>user_repair</c>, <c>cleanup compaction</c>.</param>
/// <param name="Kind"><c>node</c>, or <c>cluster</c>: seen from every node.</param>
/// <param name="State"><c>created</c>, <c>running</c>, <c>suspended</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Entity">For <c>node_ops</c> the host id that is worked on.</param>
/// <param name="Sequence">For repairs the number that <c>repair_async</c> answered.</param>
public sealed record ScyllaTask(
    Guid Id, string Type, string Kind, string State, string Scope, string Keyspace, string Table, string Entity, int Sequence)
{
    /// <summary>Null: not begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null: not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed; only a status tells.</summary>
    public string Error { get; init; } = "";

    public bool IsAbortable { get; init; }

    /// <summary>Units done and in all; 0 of 0 where Scylla does not say.</summary>
    public (double Completed, double Total) Progress { get; init; }

    public ImmutableArray<Guid> Children { get; init; } = [];

    public bool HasEnded => State is "done" or "failed";

    public bool HasFailed => State is "failed";
}

/// <summary>Task manager (facts 1.15). Reading a finished task may make the node forget it, so an outcome is taken at the first look.</summary>
public sealed partial class ScyllaApi
{
    private static readonly ScyllaVersion WaitsWithTimeout = new(6, 2);

    /// <summary>Names of modules, such as <c>node_ops</c>, <c>tablets</c>, <c>compaction</c>, <c>repair</c>.</summary>
    public Task<ImmutableArray<string>> TaskModulesAsync(CancellationToken ct) => ReadAsync<ImmutableArray<string>>("task_manager/list_modules", ct);

    /// <summary>What runs, and what ended lately; null when this version has no such module.</summary>
    public async Task<ImmutableArray<ScyllaTask>?> TasksAsync(string module, CancellationToken ct)
    {
        var path = $"task_manager/list_module_tasks/{Uri.EscapeDataString(module)}";
        var answer = await ExchangeAsync("GET", path, _readTimeout, changes: false, ct);
        return answer.Status switch
        {
            200 => ListOf(Parse<ImmutableArray<StatsJson>>(answer.Body, path), path, s => s.ToTask()),
            400 => null,
            _ => throw Classify(answer, path, changes: false),
        };
    }

    /// <returns>Null when the node does not know it: never heard of, forgotten, or the process is another one now.</returns>
    public Task<ScyllaTask?> TaskAsync(Guid id, CancellationToken ct) => StatusAsync($"task_manager/task_status/{id}", _readTimeout, ct);

    /// <summary>Waits on the node until it ends or the patience does; whole seconds.</summary>
    /// <returns>As it is then; it may still run. Null when the node does not know it.</returns>
    public async Task<ScyllaTask?> WaitTaskAsync(Guid id, TimeSpan patience, CancellationToken ct)
    {
        var seconds = Math.Max(1, (int)patience.TotalSeconds);
        var path = string.Create(CultureInfo.InvariantCulture, $"task_manager/wait_task/{id}");
        if (await NumberedVersionAsync(ct) is not { } version || version < WaitsWithTimeout)
        {
            // Older ones wait without an end, and a client that leaves changes nothing: so one look.
            return await TaskAsync(id, ct);
        }

        return await StatusAsync($"{path}?timeout={seconds.ToString(CultureInfo.InvariantCulture)}", TimeSpan.FromSeconds(seconds) + _readTimeout, ct)
            ?? await TaskAsync(id, ct);
    }

    /// <summary>Asks a task to end. It ends later, as failed.</summary>
    /// <exception cref="UnrecoverableException">It cannot be aborted any more, or is not known.</exception>
    public Task AbortTaskAsync(Guid id, CancellationToken ct) => SendAsync("POST", $"task_manager/abort_task/{id}", _readTimeout, changes: true, ct);

    /// <returns>Null for 400 (not known) and 408 (it still runs).</returns>
    private async Task<ScyllaTask?> StatusAsync(string path, TimeSpan timeout, CancellationToken ct)
    {
        var answer = await ExchangeAsync("GET", path, timeout, changes: false, ct);
        return answer.Status switch
        {
            200 => Taken(path, Parse<StatusJson>(answer.Body, path).ToTask),
            400 or 408 => null,
            _ => throw Classify(answer, path, changes: false),
        };
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > DateTimeOffset.UnixEpoch ? at : null;

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling on the wire.
    private sealed record StatsJson(
        Guid task_id, string? type, string? kind, string? state, string? scope, string? keyspace, string? table, string? entity, int sequence_number,
        string? start_time, string? end_time)
    {
        public ScyllaTask ToTask() => new(task_id, Text(type), kind ?? "", Text(state), scope ?? "", keyspace ?? "", table ?? "", entity ?? "", sequence_number)
        {
            StartedAt = TimeOf(start_time), EndedAt = TimeOf(end_time),
        };
    }

    private sealed record ChildJson(Guid task_id, string? node);

    private sealed record StatusJson(
        Guid id, string? type, string? kind, string? state, string? scope, string? keyspace, string? table, string? entity, int sequence_number,
        string? start_time, string? end_time, string? error, bool is_abortable, double progress_completed, double progress_total,
        ImmutableArray<ChildJson>? children_ids)
    {
        public ScyllaTask ToTask() => new(id, Text(type), kind ?? "", Text(state), scope ?? "", keyspace ?? "", table ?? "", entity ?? "", sequence_number)
        {
            StartedAt = TimeOf(start_time), EndedAt = TimeOf(end_time), Error = error ?? "", IsAbortable = is_abortable,
            Progress = (progress_completed, progress_total), Children = [.. (children_ids ?? []).Select(c => c.task_id)],
        };
    }
#pragma warning restore IDE1006, SA1300
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>
/// Journals as traces: a trace for each job, a span for each attempt of a step. A job that a later process takes up goes on in the same trace, because the
/// trace's id follows from the job's; each process has a span of its own in it, below which its steps lie.
/// </summary>
/// <param name="taskOf">The tag of the task at a place of a job; null where it is not known.</param>
internal sealed class JobTraces(Func<JobId, string, string?> taskOf) : IJobReader, IDisposable
{
    public const string SourceName = "ScyllaBot.Jobs";

    // What a new trace's id is, on the thread that begins it.
    [ThreadStatic]
    private static ActivityTraceId? s_next;

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<JobId, Activity> _open = new();
    private readonly ConcurrentDictionary<(JobId Job, StepKey Key), DateTimeOffset> _started = new();

    static JobTraces() => Activity.TraceIdGenerator = () => s_next ?? ActivityTraceId.CreateRandom();

    public static ActivityTraceId TraceOf(JobId job) => ActivityTraceId.CreateFromBytes(SHA256.HashData(Encoding.UTF8.GetBytes($"scyllabot job {job}")).AsSpan(0, 16));

    public void Committed(Job job, ImmutableArray<JobEvent> events)
    {
        // What is said of a job after its end begins no trace anew.
        var isOver = !job.IsOpen && !events.Any(e => e is Ended);
        foreach (var e in isOver ? [] : events)
        {
            var root = _open.GetValueOrDefault(job.Id) ?? Begin(job, e);
            switch (e)
            {
                case StepStarted x:
                    _started[(job.Id, x.Key)] = x.At;
                    break;
                case StepSucceeded x:
                    Step(root, job, x.Key, x.Attempt, x.At, ActivityStatusCode.Ok, null);
                    break;
                case StepFailed x:
                    Step(root, job, x.Key, x.Attempt, x.At, ActivityStatusCode.Error, x.Why);
                    break;
                case StepInterrupted x:
                    Step(root, job, x.Key, x.Attempt, x.At, ActivityStatusCode.Unset, x.Why);
                    break;
                case Halted x:
                    Note(root, "halted", x.At, x.Why, x.Key?.Node);
                    break;
                case JobHeld x:
                    Note(root, "holding", x.At, x.Why, x.Node);
                    break;
                case Ended x:
                    End(job, x);
                    break;
                default:
                    break;
            }
        }
    }

    public void Touched(JobId job)
    {
        // Nothing of that is a span.
    }

    /// <summary>What is open ends here; another process goes on.</summary>
    public void Dispose()
    {
        foreach (var root in _open.Values)
        {
            root.SetTag("scyllabot.outcome", "left open");
            root.Dispose();
        }

        _source.Dispose();
    }

    private Activity? Begin(Job job, JobEvent first)
    {
        // As a root of its own whatever happens around it, under the id that every process gives this job.
        var around = Activity.Current;
        (Activity.Current, s_next) = (null, TraceOf(job.Id));
        try
        {
            var root = _source.CreateActivity($"job {job.Birth.WorkflowName}", ActivityKind.Internal, default(ActivityContext), Tags(job));
            if (root is null)
            {
                return null;
            }

            if (first is HostResumed back)
            {
                root.SetTag("scyllabot.resumed", true).SetTag("scyllabot.away_seconds", back.Away.TotalSeconds);
            }

            root.SetStartTime(first.At.UtcDateTime);
            root.Start();
            Activity.Current = null;
            return _open[job.Id] = root;
        }
        finally
        {
            (Activity.Current, s_next) = (around, null);
        }
    }

    private void Step(Activity? root, Job job, StepKey key, int attempt, DateTimeOffset at, ActivityStatusCode status, string? why)
    {
        var began = _started.TryRemove((job.Id, key), out var started) ? started : job.Step(key)?.FirstStarted ?? at;
        if (root is null)
        {
            return;
        }

        var task = taskOf(job.Id, key.Path);
        var tags = Tags(job).Append(new("scyllabot.step", key.Path)).Append(new("scyllabot.node", key.Node)).Append(new("scyllabot.task", task)).Append(new("scyllabot.attempt", attempt)).Where(tag => tag.Value is not null);
        var around = Activity.Current;
        using (var span = _source.StartActivity(ActivityKind.Internal, root.Context, tags, null, began.UtcDateTime, task ?? $"step {key.Path}"))
        {
            span?.SetStatus(status, why).SetEndTime(at.UtcDateTime);
        }

        Activity.Current = around;
    }

    private static void Note(Activity? root, string what, DateTimeOffset at, string why, string? node)
    {
        var tags = new ActivityTagsCollection { ["scyllabot.why"] = why };
        if (node is not null)
        {
            tags["scyllabot.node"] = node;
        }

        root?.AddEvent(new ActivityEvent(what, at, tags));
    }

    private void End(Job job, Ended end)
    {
        foreach (var key in _started.Keys.Where(k => k.Job == job.Id))
        {
            _started.TryRemove(key, out _);
        }

        if (_open.TryRemove(job.Id, out var root))
        {
            root.SetTag("scyllabot.outcome", end.Outcome.ToString().ToLowerInvariant());
            root.SetStatus(end.Outcome == JobOutcome.Succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error, end.Why).SetEndTime(end.At.UtcDateTime);
            root.Dispose();
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(Job job) =>
    [
        new("scyllabot.job", job.Id.Value), new("scyllabot.workflow", job.Birth.WorkflowName), new("scyllabot.cluster", job.Cluster),
        new("scyllabot.operator", job.Owner.Name),
    ];
}

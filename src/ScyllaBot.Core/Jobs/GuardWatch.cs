using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// R6: looks at everyone's view while the job runs or holds. A node that was well and stands out now, one that somebody else restarted, or a
/// movement nobody of ours asked for puts the job in holding. A node that was never well while this job looked is no business of this: the
/// steps' own preconditions judge it, and the job may be there to mend it.
/// </summary>
internal sealed partial class GuardWatch(JobRun run)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private readonly SortedDictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    // What the journal counts already and has not been well again; after a restart: what made the job hold.
    private readonly SortedSet<string> _counted = new(run.Job.Hold is { } hold ? run.Job.Flaps.Where(f => f.At >= hold.Since).Select(f => f.Node).Concat(GuardOf(run, hold)) : [], StringComparer.Ordinal);
    private readonly Gate _turn = new();
    private DateTimeOffset _lookedAt;
    private string? _unreadable;
    private string? _unknown;

    /// <summary>Since when nothing has been wrong, while it holds; null otherwise.</summary>
    public DateTimeOffset? ClearSince { get; private set; }

    /// <summary>What the latest look could not tell: no node is taken down until it is known. Null: everything was known.</summary>
    public string? Unknown => IsWatching ? _unknown : null;

    /// <summary>Who takes nobody down but changes the ring holds as well where nobody can be reached (R9).</summary>
    private bool IsNeeded { get; } = run.Bound.Workflow.TakesDown() || run.Bound.Workflow.Guards.Count > 0
        || (LeaseClasses.Of(run.Bound.Workflow, run.Job.Birth.Targets) != LeaseClass.Background && run.Ports.Calls.For(run.Bound.Cluster).WhenChatIsLost == ChatLost.HoldAfter);

    private bool IsWatching => IsNeeded && !run.IsTearingDown && run.Job is { State: JobState.Running or JobState.Holding, IsFinishing: false };

    private GuardSettings Settings => run.GuardSettings;

    /// <summary>Until cancelled or the job has ended. Never throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var every = TimeSpan.FromSeconds(Math.Max(Settings.LookEvery.TotalSeconds, run.Bound.Cluster.Nodes.Length * 0.1));
        try
        {
            while (IsNeeded && run.Job.IsOpen)
            {
                var changed = run.Changed.Next;
                if (IsWatching)
                {
                    await LookAsync(ct);
                    await Task.Delay(every, run.Time, ct);
                }
                else
                {
                    await changed.WaitAsync(ct);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or JobLostException)
        {
            // The job's loop says why.
        }
        catch (Exception broken)
        {
            // The look before the next takes_down throws it again, and that step halts the job.
            _unknown = null;
            Log($"The guards broke: {broken}");
        }
    }

    /// <summary>One look, journalled where it matters. Before every takes_down, and every few seconds.</summary>
    public async Task LookAsync(CancellationToken ct, bool isTakeDown = false)
    {
        try
        {
            // Another look may have judged a newer view meanwhile: that will do, but not for a takedown, whose own look it is.
            for (var isOver = false; IsWatching && !isOver;)
            {
                var snapshot = await run.Bound.Watch.ReadAsync(Freshness, ct);
                var guards = await GuardsAsync(ct);
                using var turn = await _turn.EnterAsync(ct);
                isOver = !isTakeDown;
                if (IsWatching && snapshot.At >= _lookedAt)
                {
                    (isOver, _lookedAt, _unreadable, _unknown) = (true, snapshot.At, null, guards.Unknown);
                    await JudgeAsync(snapshot, guards, isTakeDown);
                }
            }
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            // Nothing is known: no reason to hold, and no node is taken down without a view either.
            ClearSince = null;
            _unknown = $"everyone's view can not be read: {unreadable.Message}";
            if (_unreadable != unreadable.Message)
            {
                Log($"Everyone's view can not be read: {_unreadable = unreadable.Message}");
            }
        }
    }

    /// <summary>Everyone's view as it was last read, to go with an event that somebody will read; nothing before the first reading.</summary>
    public ImmutableArray<JobEvent> View(DateTimeOffset now) =>
        run.Bound.Watch.Latest is { } latest ? [new ViewSeen(now, ViewMatrix.Of(latest, [.. run.Job.Held.Keys]))] : [];

    private async Task JudgeAsync(ClusterSnapshot snapshot, GuardLook guards, bool isTakeDown)
    {
        var now = run.Time.GetUtcNow();
        if (run.Job.Hold is null)
        {
            // Whatever ended the last hold (a human's word, or nothing was wrong any more): what is wrong now holds it anew.
            _counted.Clear();
        }

        var all = ViewTroubles.Of(snapshot, run.Job.OwnNodes().Union(snapshot.OutOfRing(run.MayBeOut)));
        var troubles = (run.Bound.Workflow.TakesDown() ? all.Where(t => t.Node is not null && run.Job.SeenWell.ContainsKey(t.Node)).Concat(Movement(snapshot)) : [])
            .Concat(Chat()).Concat(KnownDowns.Back(run.Job, snapshot)).Concat(guards.Broken).ToArray();
        var restarted = Restarted(snapshot).ToArray();
        Remember(troubles, now);
        var fresh = restarted.Concat(troubles.Where(t => now - _since[KeyOf(t)] >= Settings.Settle || (isTakeDown && t.Guard is not null)))
            .DistinctBy(KeyOf, StringComparer.Ordinal).Where(t => !_counted.Contains(KeyOf(t))).ToArray();
        var learned = Learned(snapshot, all);
        _counted.IntersectWith([.. troubles.Select(KeyOf), .. restarted.Select(KeyOf)]);
        _counted.UnionWith(fresh.Select(KeyOf));
        ClearSince = run.Job.State == JobState.Holding && troubles.Length == 0 && restarted.Length == 0 && guards.AllKnown ? ClearSince ?? now : null;
        await run.AppendAsync(job => Events(job, fresh, learned, now));
        if (run.Job.State != JobState.Holding)
        {
            ClearSince = null;
        }
    }

    private ImmutableArray<JobEvent> Events(Job job, ViewTrouble[] fresh, ImmutableSortedDictionary<string, string> learned, DateTimeOffset now)
    {
        if (job.State is not (JobState.Running or JobState.Holding))
        {
            return [];
        }

        var events = ImmutableArray.CreateBuilder<JobEvent>();
        if (!learned.IsEmpty)
        {
            events.Add(new NodesSeenWell(now, learned));
        }

        if (fresh.Length > 0)
        {
            events.AddRange(View(now));
            events.AddRange(fresh.Select(t => new JobHeld(now, t.Node, t.Why)));
            events.AddRange(Flapping(job, fresh, now));
        }
        else if (job.Hold is { IsPinged: false } hold && now - hold.Since >= Settings.PingAfter)
        {
            events.AddRange(View(now));
            events.Add(new HoldPinged(now));
        }
        else if (job.Hold is not null && ClearSince is { } clear && now - clear >= Settings.Gate)
        {
            events.Add(new HoldLifted(now));
        }

        return events.ToImmutable();
    }

    private ImmutableArray<JobEvent> Flapping(Job job, ViewTrouble[] fresh, DateTimeOffset now)
    {
        var flapping = fresh.FirstOrDefault(t =>
            t.Node is not null && job.Flaps.Count(f => f.Node == t.Node && now - f.At <= Settings.FlapWithin) + 1 >= Settings.Flaps);
        return flapping is null ? [] :
        [
            new Halted(now, null, true, $"{flapping.Node} flapped {Settings.Flaps} times in {Settings.FlapWithin.TotalMinutes:0} min; now {flapping.Why}", SafeNow(job)),
        ];
    }

    private static string SafeNow(Job job) => job.IsAtSafePoint
        ? "No node is down by this job and no further node is started."
        : $"{string.Join(", ", job.Held.Keys)} finish their own steps; no further node is started.";

    private void Remember(ViewTrouble[] troubles, DateTimeOffset now)
    {
        var present = troubles.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var over in _since.Keys.Where(k => !present.Contains(k)).ToArray())
        {
            _since.Remove(over);
        }

        foreach (var key in present)
        {
            _since.TryAdd(key, now);
        }
    }

    /// <summary>A process that runs under another generation than when it was last well, and not by us.</summary>
    private IEnumerable<ViewTrouble> Restarted(ClusterSnapshot snapshot)
    {
        var own = run.Job.OwnNodes();
        return snapshot.Views
            .Where(v => !own.Contains(v.Node.Name) && run.Job.SeenWell.TryGetValue(v.Node.Name, out var known) && v.Generation is { } now && known != Text(now))
            .Select(v => new ViewTrouble(v.Node.Name, $"{v.Node.Name} was restarted, and not by this job (generation {run.Job.SeenWell[v.Node.Name]}, now {Text(v.Generation!.Value)})"));
    }

    /// <summary>Nodes that join or leave: ours are those at work, and whatever moves while a step of ours moves data (R5).</summary>
    private IEnumerable<ViewTrouble> Movement(ClusterSnapshot snapshot)
    {
        var own = run.Job.OwnNodes().Select(n => run.Bound.Cluster.Find(n)?.Address).ToArray();
        var moving = ViewTroubles.Moving(snapshot).Where(a => !own.Contains(a, StringComparer.Ordinal)).ToArray();
        return moving.Length == 0 || MovesData() ? []
            : [new ViewTrouble(null, $"{string.Join(", ", moving.Take(3).Select(a => run.Bound.Cluster.FindByAddress(a)?.Name ?? a))} joins or leaves the cluster, and not by this job")];
    }

    /// <summary>R9: where a cluster's jobs are not to go on while nobody can be reached.</summary>
    private IEnumerable<ViewTrouble> Chat() =>
        run.Ports.Calls.For(run.Bound.Cluster) is { WhenChatIsLost: ChatLost.HoldAfter } calls && run.Ports.ChatLostFor() is { } lost && lost >= calls.ChatLostAfter
            ? [new ViewTrouble(null, $"nobody has been reached by chat for {calls.ChatLostAfter.TotalMinutes:0} min or more (R9)")] : [];

    private bool MovesData() => run.Job.Steps.Values.Any(s => s.Status is not (StepStatus.Succeeded or StepStatus.Skipped)
        && JobPaths.StepAt(run.Bound.Workflow, s.Key.Path) is { Tag.Interruptible: Interruptible.No });

    /// <summary>Who is well and was not known yet, or runs under a new generation now that was made known as such.</summary>
    private ImmutableSortedDictionary<string, string> Learned(ClusterSnapshot snapshot, ImmutableArray<ViewTrouble> troubles)
    {
        var own = run.Job.OwnNodes();
        return snapshot.Views
            .Where(v => v is { Serves: true, Generation: not null } && !own.Contains(v.Node.Name) && troubles.All(t => t.Node != v.Node.Name))
            .Where(v => run.Job.SeenWell.GetValueOrDefault(v.Node.Name) != Text(v.Generation!.Value))
            .ToImmutableSortedDictionary(v => v.Node.Name, v => Text(v.Generation!.Value), StringComparer.Ordinal);
    }

    private static string KeyOf(ViewTrouble trouble) => trouble.Guard is { } guard ? $"guard {guard}" : trouble.Node ?? "";

    private static string Text(long generation) => generation.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Log(string text) => new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, "", null).Write(text);
}

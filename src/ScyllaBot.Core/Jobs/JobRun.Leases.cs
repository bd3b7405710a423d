using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobRun
{
    private CancellationTokenSource _cut;

    /// <summary>Who drives it: other jobs of the fleet are asked for there.</summary>
    public required JobEngine Engine { get; init; }

    /// <summary>Ends whatever is under way: the host stops, or the lease was taken away (R13). A later plan of the job has a new one.</summary>
    public CancellationToken Cut => _cut.Token;

    public LeaseTaken LeaseOf(DateTimeOffset now, long epoch) => Engine.LeaseOf(Job.Class, Bound.Cluster, now, epoch);

    /// <summary>What of ours moves, as it was last seen while the job was aborting or halted (R5).</summary>
    public ImmutableArray<MovementSeen> Moving { get; set; } = [];

    /// <summary>Its card is to be drawn anew although nothing was journalled.</summary>
    public void Touch()
    {
        foreach (var reader in _readers)
        {
            reader.Touched(Job.Id);
        }
    }

    public void Log(string text) => new StepLog(Ports.Log, Time, Job.Id.Value, "", null).Write(text);

    private void AdjustCut()
    {
        if (Job.IsUnlocked)
        {
            _cut.Cancel();
        }
        else if (_cut.IsCancellationRequested && !_hostStop.IsCancellationRequested)
        {
            _cut.Dispose();
            _cut = CancellationTokenSource.CreateLinkedTokenSource(_hostStop.Token);
        }
    }
}

using System.Globalization;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>Jobs have been taken up, and each one's scheduler answers.</summary>
internal sealed class EngineVital(JobEngine engine) : IVital
{
    public bool IsLife => true;

    public async Task<Vital> LookAsync(CancellationToken ct)
    {
        await engine.PulseAsync().WaitAsync(ct);
        return !engine.IsStarted ? new Vital("engine", PartState.Failed, "open jobs are still being taken up")
            : engine.StuckCount is var stuck and > 0 ? new Vital("engine", PartState.Warning, $"{stuck} open jobs can not go on here; the log says why")
            : new Vital("engine", PartState.Ok, "every job's scheduler answers");
    }
}

/// <summary>The store can be written to: what can not be journalled is not done.</summary>
internal sealed class StoreVital(IJobStore store, TimeProvider time) : IVital
{
    private const string Note = "health";

    public bool IsLife => true;

    public async Task<Vital> LookAsync(CancellationToken ct)
    {
        try
        {
            await store.WriteNoteAsync(Note, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), ct);
            return new Vital("store", PartState.Ok, "open and writable");
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            return new Vital("store", PartState.Failed, $"can not be written to: {broken.GetType().Name}");
        }
    }
}

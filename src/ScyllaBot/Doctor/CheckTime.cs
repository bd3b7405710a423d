using System.Collections.Immutable;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Every check ends: within its time, and whatever happens in it.</summary>
internal static class CheckTime
{
    public static async Task<ImmutableArray<DoctorFinding>> WithinAsync(
        string check, TimeSpan limit, Func<CancellationToken, Task<IEnumerable<DoctorFinding>>> look, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            return [.. await look(both.Token).WaitAsync(both.Token)];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [DoctorFinding.Broken(check, $"no end within {limit.TotalSeconds:0} s", "something there takes connections and does not answer: look at its load, at firewalls, at the network between")];
        }
        catch (Exception odd) when (odd is not OperationCanceledException)
        {
            // A check that falls must not take the others with it.
            return [DoctorFinding.Broken(check, $"the check itself failed: {odd.Message}", "look there by hand, and report this: a check should say what it sees")];
        }
    }
}

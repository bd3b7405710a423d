using System.Diagnostics.CodeAnalysis;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>The doctor within the bot: whoever may read may ask, so it looks once at a time, ends by itself, and tells no secret.</summary>
/// <param name="look">All checks, of one cluster or, for null, of all.</param>
/// <param name="hide">What must not be told is taken out of a text.</param>
/// <param name="time">A person's.</param>
internal sealed class RunningDoctor(Func<string?, CancellationToken, Task<DoctorReport>> look, Func<string, string> hide, TimeProvider time) : IDisposable
{
    /// <summary>Below what a caller waits for an answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private (string? Cluster, Task<DoctorReport> Report)? _now;

    /// <returns>The report, also to whoever asks for the same while it is made; otherwise why there is none.</returns>
    public async Task<object> LookAsync(string? cluster, CancellationToken ct)
    {
        if (!TryJoin(cluster, out var report))
        {
            return Problems.Of(Problems.Refused, "The doctor is looking at something else just now, and looks at one thing at a time; ask again in a moment.");
        }

        try
        {
            return await report.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Problems.Of(
                Problems.Refused, $"The doctor was not done within {Limit.TotalSeconds:0} s and was ended: ask for one cluster, or run ScyllaBot doctor where the bot runs, which takes its time.");
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Whoever hangs up must not take it from another who waits for it, so nobody's request ends it.</summary>
    private bool TryJoin(string? cluster, [NotNullWhen(true)] out Task<DoctorReport>? report)
    {
        lock (_gate)
        {
            if (_now is { Report.IsCompleted: false } now)
            {
                report = string.Equals(now.Cluster, cluster, StringComparison.Ordinal) ? now.Report : null;
                return report is not null;
            }

            report = Task.Run(() => RunAsync(cluster));
            _now = (cluster, report);
            return true;
        }
    }

    private async Task<DoctorReport> RunAsync(string? cluster)
    {
        using var timer = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stopping.Token);
        var report = await look(cluster, both.Token).WaitAsync(both.Token);
        return new DoctorReport([.. report.Findings.Select(f => f with { Seen = hide(f.Seen), Remedy = f.Remedy is { } remedy ? hide(remedy) : null })]);
    }
}

using ScyllaBot.Core.Control;

namespace ScyllaBot.Core.Jobs;

public partial interface IJobControl
{
    /// <summary>Everyone's view, a few seconds old at most.</summary>
    /// <returns>Null when there is no such cluster.</returns>
    Task<MatrixAnswer?> MatrixAsync(string cluster, CancellationToken ct);

    /// <summary>May these nodes be down together now? Who is down in anybody's view or held by a job counts too (R2).</summary>
    /// <param name="nodes">Names or patterns.</param>
    /// <returns>The answer, or why there is none, a sentence each.</returns>
    Task<(SafeAnswer? Answer, ImmutableArray<string> Wrong)> SafeAsync(string cluster, ImmutableArray<string> nodes, CancellationToken ct);
}

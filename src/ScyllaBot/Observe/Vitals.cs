using System.Collections.Immutable;

namespace ScyllaBot.Observe;

internal enum PartState
{
    Ok,

    /// <summary>Somebody should look; the bot does its work.</summary>
    Warning,

    Failed,
}

/// <summary>A part of the bot and how it is.</summary>
/// <param name="Says">A sentence, of states and counts only: anybody may read it.</param>
internal sealed record Vital(string Name, PartState State, string Says);

/// <summary>Looks at one part.</summary>
internal interface IVital
{
    /// <summary>Without it the process does not live: /healthz and the watchdog ask for it too.</summary>
    bool IsLife { get; }

    Task<Vital> LookAsync(CancellationToken ct);
}

/// <summary>
/// How the bot is, part by part. Whoever asks, and however often: one look at a time, and none within <see cref="Fresh"/> of the last. A part that does
/// not answer has failed.
/// </summary>
internal sealed class Vitals(IEnumerable<IVital> parts, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ImmutableArray<IVital> _parts = [.. parts];
    private readonly OneLook<ImmutableArray<(Vital Vital, bool IsLife)>> _look = new(time, Fresh);

    /// <param name="lifeOnly">Process, engine and store.</param>
    public async Task<ImmutableArray<Vital>> LookAsync(bool lifeOnly) =>
        [.. (await _look.ReadAsync(LookAsync)).Where(p => p.IsLife || !lifeOnly).Select(p => p.Vital)];

    public static bool AreWell(ImmutableArray<Vital> vitals) => vitals.All(v => v.State != PartState.Failed);

    private async Task<ImmutableArray<(Vital, bool)>> LookAsync() =>
        [.. await Task.WhenAll(_parts.Select(async part => (await LookAsync(part), part.IsLife)))];

    private async Task<Vital> LookAsync(IVital part)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var name = NameOf(part);
        try
        {
            // Off this thread: a part that blocks must not block the others.
            return await Task.Run(() => part.LookAsync(patience.Token), patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return new Vital(name, PartState.Failed, FormattableString.Invariant($"did not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (Exception broken)
        {
            return new Vital(name, PartState.Failed, $"can not be looked at: {broken.GetType().Name}");
        }
    }

    public static string NameOf(IVital part) => part.GetType().Name.Replace("Vital", "", StringComparison.Ordinal).ToLowerInvariant();
}

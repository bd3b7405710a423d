namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Place of the halt of a job whose tasks have changed under it (R30).</summary>
    public static readonly StepKey UpgradeKey = new("upgrade", null);

    /// <summary>Fingerprints of the tasks it may run: as it was planned, or as somebody agreed to since; null in journals of before.</summary>
    public ImmutableSortedDictionary<string, string>? Tasks => AgreedTasks ?? Birth.Tasks;

    /// <summary>Of another version of the bot, which somebody said go on with.</summary>
    public ImmutableSortedDictionary<string, string>? AgreedTasks { get; init; }
}

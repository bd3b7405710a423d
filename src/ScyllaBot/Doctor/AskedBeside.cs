using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Doctor;

/// <summary>Asks a service beside a cluster, and says what it means that it does not answer as it should.</summary>
internal static class AskedBeside
{
    /// <inheritdoc cref="Broken"/>
    /// <param name="ask">What is to be known of it.</param>
    public static async Task<IEnumerable<DoctorFinding>> AskAsync(string check, string key, Uri url, Func<Task<IEnumerable<DoctorFinding>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception no) when (no is RecoverableException or UnrecoverableException)
        {
            return [Broken(check, key, url, no)];
        }
    }

    /// <param name="check">Who asked.</param>
    /// <param name="key">The cluster's key in the inventory.</param>
    /// <param name="url">Where.</param>
    /// <param name="why">What came of it.</param>
    private static DoctorFinding Broken(string check, string key, Uri url, Exception why) => why.Message switch
    {
        var m when m.Contains("secret ", StringComparison.Ordinal) => DoctorFinding.Broken(check, m, $"put the secret where {key} of the cluster refers to"),
        var m when m.Contains("401", StringComparison.Ordinal) || m.Contains("403", StringComparison.Ordinal) =>
            DoctorFinding.Broken(check, $"{url}: {m}", $"give {key} of the cluster headers that let the bot in, such as Authorization: Bearer env:NAME"),
        var m when m.Contains("status 404", StringComparison.Ordinal) || m.Contains("unreadable", StringComparison.Ordinal) =>
            DoctorFinding.Broken(check, $"what answers at {url} is something else: {m}", $"correct url of {key} in the inventory"),
        var m => DoctorFinding.Broken(check, $"{url}: {m}", $"look whether it runs and this host reaches it; correct url of {key} in the inventory"),
    };
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ScyllaBot.Sqlite;

namespace ScyllaBot;

/// <summary>
/// How the program ends when something went wrong: the exit code says whether it is worth trying again (1) or somebody must change something first (2, 3).
/// A failure quotes what it was given, and somebody may have given it a secret: nothing is said that did not pass <see cref="LogSecrets"/>.
/// </summary>
internal static class BotExit
{
    public const int Died = 1;
    public const int Refused = 2;
    public const int StoreRefused = 3;

    /// <param name="run">What the program was asked for.</param>
    /// <param name="errors">Where it says why.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> OfAsync(Func<Task<int>> run, TextWriter errors)
    {
        try
        {
            return await run();
        }
        catch (Exception failed)
        {
            await errors.WriteLineAsync(Secrets().Without(Words(failed)));
            return CodeOf(failed);
        }
    }

    /// <summary>Nobody foresaw it: its stack is what there is to find out by.</summary>
    public static bool IsDeath(Exception failed) => CodeOf(failed) == Died;

    private static int CodeOf(Exception failed) => failed switch
    {
        StartRefusedException or OptionsValidationException => Refused,
        StoreRefusedException => StoreRefused,
        _ => Died,
    };

    private static string Words(Exception failed) => failed switch
    {
        // Discord's own section, which its side of the host checks.
        OptionsValidationException wrong => $"ScyllaBot does not start: The configuration, section ScyllaBot:Discord, is wrong: {string.Join("; ", wrong.Failures)}",
        _ when IsDeath(failed) => $"ScyllaBot died: {failed}",
        _ => $"ScyllaBot does not start: {failed.Message}",
    };

    /// <summary>Of the configuration as it stands, for what is said where there is no log.</summary>
    public static LogSecrets Secrets()
    {
        try
        {
            return LogSecrets.Of(StartChecks.Configuration());
        }
        catch (StartRefusedException)
        {
            // Then it named no secret to us either; what has the shape of one is hidden all the same.
            return LogSecrets.Of(new ConfigurationBuilder().Build());
        }
    }
}

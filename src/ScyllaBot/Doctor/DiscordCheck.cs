using ScyllaBot.Core.Control;
using ScyllaBot.Discord.Doctor;
using ScyllaBot.Discord.Rest;
using ScyllaBot.Real;

namespace ScyllaBot.Doctor;

/// <summary>The token is there, and Discord says that the bot can do its work with it.</summary>
internal sealed class DiscordCheck : IBotCheck
{
    private const string Token = "discord-token";

    public string Id => "discord";

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, CancellationToken ct)
    {
        if (@case.Discord is { } options)
        {
            using var rest = new HttpDiscordRest();
            return [.. Loose(@case), .. await new GuildDoctor(options, rest, TimeProvider.System).LookAsync(ct)];
        }

        return WhyNone(@case) is { } why
            ? [DoctorFinding.Broken(Token, why, "put the token (discord.com/developers, the application, Bot) into ScyllaBot__Discord__Token, or into a file that ScyllaBot:Discord:TokenFile names")]
            : [];
    }

    private static string? WhyNone(DoctorCase @case)
    {
        var section = @case.Configuration.GetSection("ScyllaBot:Discord");
        if (!StartChecks.HasToken(section))
        {
            // Without an inventory it is the sandbox that starts, which has a Discord of its own.
            return string.IsNullOrEmpty(@case.Settings.Inventory) ? null : "there is no Discord token: the bot does not start";
        }

        try
        {
            RealStart.RefuseOpenWire(section["ApiBase"]);
            RealStart.TokenOf(section);
            return "ScyllaBot:Discord can not be read";
        }
        catch (StartRefusedException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Whoever has the token is the bot.</summary>
    private static IEnumerable<DoctorFinding> Loose(DoctorCase @case)
    {
        if (!OperatingSystem.IsWindows() && @case.Configuration["ScyllaBot:Discord:TokenFile"] is { Length: > 0 } file && File.Exists(file)
            && (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
        {
            yield return DoctorFinding.Warning(Token, $"everybody on this machine may read or write the token file {file}", $"chmod 0600 {file}");
        }
    }
}

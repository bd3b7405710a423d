using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Doctor;

/// <summary>Asks Discord what the bot is there and looks whether it can do its work. It only reads, and has rate limits and health of its own.</summary>
public sealed class GuildDoctor
{
    private const int FewStarts = 50;
    private const string Token = "discord-token";
    private const string Guild = "discord-guild";
    private static readonly IGuildCheck[] Checks = [new CommandsCheck(), new ChannelsCheck(), new RolesCheck(), new OnCallCheck()];

    private readonly DiscordOptions _options;
    private readonly DiscordApi _api;
    private readonly GuildReads _reads;
    private readonly TimeProvider _time;

    /// <param name="options">With the token.</param>
    /// <param name="rest">Port.</param>
    /// <param name="time">Real.</param>
    public GuildDoctor(DiscordOptions options, IDiscordRest rest, TimeProvider time)
    {
        var wire = new DiscordWire(rest, options, new DiscordHealth(time), time, new SystemRandom(), NullLogger<DiscordWire>.Instance);
        (_options, _api, _reads, _time) = (options, new DiscordApi(wire), new GuildReads(wire), time);
    }

    /// <summary>Where somebody who manages the guild invites the bot with all that it needs.</summary>
    public static string Invitation(string application) => string.Create(
        CultureInfo.InvariantCulture, $"https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={ChannelPermissions.Invite}");

    public async Task<ImmutableArray<DoctorFinding>> LookAsync(CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<DoctorFinding>();
        try
        {
            if (await FactsAsync(found, ct) is { } facts)
            {
                found.AddRange(Checks.SelectMany(c => c.Look(facts, _options)));
                return found.ToImmutable();
            }
        }
        catch (DiscordException refused)
        {
            found.Add(Refusal(refused));
        }

        found.AddRange(Checks.Select(c => DoctorFinding.Skipped(c.Id, "the guild can not be asked")));
        return found.ToImmutable();
    }

    private async Task<GuildFacts?> FactsAsync(ImmutableArray<DoctorFinding>.Builder found, CancellationToken ct)
    {
        var me = await _reads.MeAsync(ct);
        var application = await _api.ApplicationIdAsync(ct);
        var gateway = await _api.GatewayAsync(ct);
        found.Add(gateway.Remaining < FewStarts
            ? DoctorFinding.Warning(
                Token, string.Create(CultureInfo.InvariantCulture, $"only {gateway.Remaining} sessions may still be started; at none Discord takes the token away"),
                string.Create(CultureInfo.InvariantCulture, $"find out what starts again and again with this token; the count is new in {gateway.ResetAfter.TotalMinutes:0} min"))
            : DoctorFinding.Ok(Token, $"Discord knows the bot as {me.Text("username")}"));
        if (_options.ApplicationId is { Length: > 0 } own && own != application)
        {
            found.Add(DoctorFinding.Broken(
                Token, $"ApplicationId is {own}, and the token belongs to {application}", "take ScyllaBot:Discord:ApplicationId out (Discord tells it), or use that application's token"));
        }

        if (_options.GuildId.Length == 0 || !_options.GuildId.All(char.IsAsciiDigit))
        {
            found.Add(DoctorFinding.Broken(Guild, "no guild is configured", "set ScyllaBot:Discord:GuildId to the id of the guild (Discord's developer mode, Copy Server ID)"));
            return null;
        }

        return await GuildAsync(found, application, me.Text("id"), ct);
    }

    private async Task<GuildFacts?> GuildAsync(ImmutableArray<DoctorFinding>.Builder found, string application, string bot, CancellationToken ct)
    {
        JsonElement guild, member;
        try
        {
            guild = await _reads.GuildAsync(_options.GuildId, ct);
            member = await _reads.MemberAsync(_options.GuildId, bot, ct);
        }
        catch (DiscordException refused) when (refused.Status is 403 or 404)
        {
            found.Add(DoctorFinding.Broken(
                Guild, $"the bot is in no guild {_options.GuildId} ({refused.Status})", $"correct ScyllaBot:Discord:GuildId, or invite the bot: {Invitation(application)}"));
            return null;
        }

        var facts = new GuildFacts
        {
            Application = application, Bot = bot, Guild = _options.GuildId, IsOwner = guild.Text("owner_id") == bot,
            BotRoles = member.Items("roles").Select(r => r.GetString() ?? "").ToImmutableSortedSet(StringComparer.Ordinal),
            IsTimedOut = DateTimeOffset.TryParse(member.Text("communication_disabled_until"), CultureInfo.InvariantCulture, out var until) && until > _time.GetUtcNow(),
            Roles = (await _api.RolesAsync(_options.GuildId, ct)).EnumerateArray().ToImmutableSortedDictionary(
                r => r.Text("id"), r => new GuildRole(r.Text("name"), ChannelPermissions.Bits(r, "permissions"), r.Part("mentionable")?.ValueKind == JsonValueKind.True), StringComparer.Ordinal),
            Channels = (await _reads.ChannelsAsync(_options.GuildId, ct)).EnumerateArray().ToImmutableSortedDictionary(c => c.Text("id"), c => c, StringComparer.Ordinal),
            Commands = await _reads.CommandsAsync(application, _options.GuildId, ct),
        };
        found.Add(facts.IsTimedOut
            ? DoctorFinding.Broken(Guild, $"the bot is timed out in {guild.Text("name")}: it may only look", "take the timeout away (right click on the bot, Remove Timeout)")
            : DoctorFinding.Ok(Guild, $"the bot is in {guild.Text("name")}"));
        return facts;
    }

    private DoctorFinding Refusal(DiscordException refused) => refused.Failure switch
    {
        DiscordFailure.Unauthorized => DoctorFinding.Broken(
            Token, "Discord refuses the token (401)", "make a new one (discord.com/developers, the application, Bot, Reset Token) and put it into ScyllaBot__Discord__Token or the TokenFile"),
        DiscordFailure.RateLimited => DoctorFinding.Warning(Token, $"Discord wants us to wait: {refused.Message}", "ask again later"),
        DiscordFailure.Unavailable => DoctorFinding.Broken(
            Token, $"Discord does not answer at {_options.ApiBase}: {refused.Message}", "let this host reach it over https (firewall, proxy, DNS), and look at discordstatus.com; check ScyllaBot:Discord:ApiBase"),
        _ => DoctorFinding.Broken(Token, $"Discord refuses: {refused.Message}", "look at what it says; the bot's application and its invitation are the first suspects"),
    };
}

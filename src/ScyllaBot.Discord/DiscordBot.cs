using Microsoft.Extensions.Hosting;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>Keeps the bot in its guild. Whatever happens here, the host and its jobs go on.</summary>
internal sealed partial class DiscordBot(
    DiscordApi api, DiscordOptions options, CommandRegistration registration, GatewaySession session, Interactions interactions,
    RoleBook roles, DiscordHealth health, TimeProvider time, IRandom random, ILogger<DiscordBot> log) : BackgroundService
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            try
            {
                await PrepareAsync(stoppingToken);
                await session.RunAsync(Hand, stoppingToken);
                await interactions.DrainAsync(DrainPatience);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is GatewayFatalException || health.IsTokenDead)
            {
                health.Fatal(e.Message);
                LogFatal(e);
                return;
            }
            catch (Exception e)
            {
                health.Lost(e.Message);
                LogBroken(e);
                await PauseAsync(failures, stoppingToken);
            }
        }
    }

    /// <summary>Also warms the connection, so that the first acknowledgement does not pay for DNS and TLS.</summary>
    private async Task PrepareAsync(CancellationToken ct)
    {
        options.ApplicationId ??= await api.ApplicationIdAsync(ct);
        roles.Learn((await api.RolesAsync(options.GuildId, ct)) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : []);
        await registration.EnsureAsync(options.ApplicationId, ct);
    }

    private void Hand(GatewayDispatch dispatch)
    {
        switch (dispatch.Type)
        {
            case "GUILD_CREATE" when dispatch.Data.Text("id") == options.GuildId:
                roles.Learn(dispatch.Data.Items("roles"));
                break;
            case "GUILD_ROLE_CREATE" or "GUILD_ROLE_UPDATE" when dispatch.Data.Text("guild_id") == options.GuildId:
                roles.Learn(dispatch.Data.Part("role") is { } role ? [role] : []);
                break;
            case "GUILD_ROLE_DELETE" when dispatch.Data.Text("guild_id") == options.GuildId:
                roles.Forget(dispatch.Data.Text("role_id"));
                break;
            default:
                interactions.Receive(dispatch);
                break;
        }
    }

    private async Task PauseAsync(int failures, CancellationToken ct)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(failures, 6)) * (0.5 + (0.5 * random.NextDouble()))), time, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Discord is lost until a person mends it; jobs go on without chat")]
    private partial void LogFatal(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord can not be reached; trying again")]
    private partial void LogBroken(Exception e);
}

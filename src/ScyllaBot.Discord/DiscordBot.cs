using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>Keeps the bot in its guild. Whatever happens here, the host and its jobs go on.</summary>
internal sealed partial class DiscordBot(
    DiscordApi api, DiscordOptions options, CommandRegistration registration, GatewaySession session, Interactions interactions,
    RoleBook roles, Core.Jobs.IJobControl control, DiscordHealth health, TimeProvider time, IRandom random, ILogger<DiscordBot> log)
    : BackgroundService
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RenewEvery = TimeSpan.FromHours(24);

    private static readonly TimeSpan CommandsPutEvery = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CommandsSeenEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _mayDiffer = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            try
            {
                await PrepareAsync(stoppingToken);
                await RunSessionAsync(stoppingToken);
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
                Tell(e);
                await PauseAsync(failures, stoppingToken);
            }
        }
    }

    /// <summary>Also warms the connection, so that the first acknowledgement does not pay for DNS and TLS.</summary>
    private async Task PrepareAsync(CancellationToken ct)
    {
        options.ApplicationId ??= await api.ApplicationIdAsync(ct);
        await ToleratingAsync(async () =>
        {
            var list = await api.RolesAsync(options.GuildId, ct);
            roles.Learn(list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : []);
        });
        await ToleratingAsync(() => registration.EnsureAsync(options.ApplicationId, ct));
        Reached();
    }

    /// <summary>A missing permission must not keep the bot from hearing presses on its cards.</summary>
    private async Task ToleratingAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (DiscordException e) when (e.Failure is DiscordFailure.Forbidden or DiscordFailure.Rejected or DiscordFailure.ChannelGone)
        {
            LogRefused(e);
        }
    }

    /// <summary>
    /// A session can be deaf while its heart beats (seen in the field for days): a new one each day, while no job could be waiting
    /// for a press.
    /// </summary>
    private async Task RenewAsync(CancellationToken ct)
    {
        var wait = RenewEvery;
        while (await WaitedAsync(wait, ct))
        {
            var isQuiet = control.Choices.OpenJobs.IsEmpty;
            wait = isQuiet ? RenewEvery : TimeSpan.FromHours(1);
            if (isQuiet)
            {
                session.StartAnew();
            }
        }
    }

    /// <summary>
    /// After every connection, and when the bot is invited anew (its commands had gone with it), they are looked at again. They are not put there
    /// often, for a guild takes 200 new commands a day.
    /// </summary>
    private async Task RegisterAgainAsync(CancellationToken ct)
    {
        while (await MayDifferAsync(ct))
        {
            var pause = CommandsPutEvery;
            try
            {
                pause = await registration.EnsureAsync(options.ApplicationId!, ct) ? CommandsPutEvery : CommandsSeenEvery;
            }
            catch (DiscordException e)
            {
                LogCommands(e);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }

            if (!await WaitedAsync(pause, ct))
            {
                return;
            }
        }
    }

    private async Task<bool> MayDifferAsync(CancellationToken ct)
    {
        try
        {
            return await _mayDiffer.Reader.ReadAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RunSessionAsync(CancellationToken stop)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = RenewAsync(running.Token);
        var registering = RegisterAgainAsync(running.Token);
        try
        {
            await session.RunAsync(Hand, stop);
        }
        finally
        {
            await running.CancelAsync();
            await renewing;
            await registering;
        }
    }

    private void Hand(GatewayDispatch dispatch)
    {
        switch (dispatch.Type)
        {
            case "GUILD_CREATE" when dispatch.Data.Text("id") == options.GuildId:
                roles.Learn(dispatch.Data.Items("roles"));
                _mayDiffer.Writer.TryWrite(true);
                break;
            case "RESUMED":
                _mayDiffer.Writer.TryWrite(true);
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

    private Task PauseAsync(int failures, CancellationToken ct) =>
        WaitedAsync(TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(failures, 6)) * (0.5 + (0.5 * random.NextDouble()))), ct);

    /// <returns>False when it was cut short: the caller's loop ends by itself.</returns>
    private async Task<bool> WaitedAsync(TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await Task.Delay(wait, time, ct);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Discord is lost until a person mends it; jobs go on without chat")]
    private partial void LogFatal(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord refuses something the bot needs; check its invitation and permissions")]
    private partial void LogRefused(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether the commands are still there could not be seen; they are looked at again with the next session")]
    private partial void LogCommands(Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Discord can not be reached; trying again")]
    private partial void LogBroken(Exception e);
}

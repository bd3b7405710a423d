using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;

namespace ScyllaBot.Doctor;

/// <summary>How the host wires the doctor: with what the bot itself runs with.</summary>
internal static class DoctorSetup
{
    public static IServiceCollection AddDoctor(
        this IServiceCollection services, BotWorld world, IConfiguration configuration, HostSettings settings, WorkflowLibrary library, string workflows)
    {
        services.AddSingleton(p => new RunningDoctor(
            (cluster, ct) => BotDoctor.RunAsync(CaseOf(p.GetRequiredService<DiscordOptions>()), cluster, (_, _) => { }, ct),
            LogSecrets.Of(configuration).Without, TimeProvider.System));
        return services;

        DoctorCase CaseOf(DiscordOptions discord) => new()
        {
            Configuration = configuration, Settings = settings, State = world.State, Workflows = workflows, Library = library, Inventory = world.Inventory.Current,
            Discord = discord, Http = world.Http, Commands = world.Commands, NodeSide = world.NodeSide, Time = world.Time, IsRunning = true, IsSandbox = world.IsSandbox,
        };
    }
}

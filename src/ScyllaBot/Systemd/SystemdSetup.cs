using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Observe;

namespace ScyllaBot.Systemd;

/// <summary>How the host wires what systemd is told.</summary>
internal static class SystemdSetup
{
    /// <param name="services">With what can be seen.</param>
    /// <param name="socket">Null: it was not started by a unit of <c>Type=notify</c>.</param>
    public static IServiceCollection AddSystemd(this IServiceCollection services, NotifySocket? socket) => socket is null ? services
        : services.AddHostedService(p => new SystemdLoop(
            socket, p.GetRequiredService<Vitals>(), p.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System, p.GetRequiredService<ILogger<SystemdLoop>>()));
}

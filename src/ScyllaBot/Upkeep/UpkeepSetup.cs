using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Observe;
using ScyllaBot.Sqlite;

namespace ScyllaBot.Upkeep;

/// <summary>How the host wires what looks after its database.</summary>
internal static class UpkeepSetup
{
    /// <param name="services">With what can be seen.</param>
    /// <param name="settings">Checked.</param>
    /// <param name="store">The database.</param>
    /// <param name="state">Its folder.</param>
    /// <param name="isSandbox">Nothing real is touched.</param>
    public static IServiceCollection AddUpkeep(this IServiceCollection services, HostSettings settings, SqliteJobStore store, string state, bool isSandbox)
    {
        var real = TimeProvider.System;
        if (settings.Backup.FolderFor(state, isSandbox) is { } folder)
        {
            services.AddSingleton(p => new BackupLoop(
                store.BackupAsync, folder, settings.Backup, p.GetRequiredService<BotMeters>(), real, p.GetRequiredService<ILogger<BackupLoop>>()));
            services.AddHostedService(p => p.GetRequiredService<BackupLoop>());
        }

        services.AddSingleton(p => new BackupVital(p.GetService<BackupLoop>(), real));
        services.AddSingleton<IVital>(p => p.GetRequiredService<BackupVital>());
        services.AddSingleton<IGauges>(p => p.GetRequiredService<BackupVital>());
        services.AddSingleton(p => new RetentionLoop(
            store, settings.Retention, job => p.GetService<JobLogBook>()?.Forget(job.Value), p.GetRequiredService<BotMeters>(), p.GetRequiredService<TimeProvider>(), real,
            p.GetRequiredService<ILogger<RetentionLoop>>()));
        services.AddSingleton<IVital>(p => p.GetRequiredService<RetentionLoop>());
        services.AddHostedService(p => p.GetRequiredService<RetentionLoop>());
        return services;
    }
}

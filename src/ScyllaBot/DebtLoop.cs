using Microsoft.Extensions.Hosting;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot;

/// <summary>Looks after debts as long as the host lives.</summary>
internal sealed class DebtLoop(DebtKeeper keeper) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => keeper.RunAsync(stoppingToken);
}

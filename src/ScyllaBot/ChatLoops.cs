using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot;

/// <summary>What the chat does with the jobs' facts: wakes the outbox, has the cards drawn again.</summary>
internal sealed class ChatReader(OutboxDelivery outbox, CardWriter cards) : IJobReader
{
    public void Committed(Job job, ImmutableArray<JobEvent> events)
    {
        outbox.Wake();
        cards.Changed(job.Id);
    }

    public void Touched(JobId job) => cards.Changed(job);
}

/// <summary>Runs the outbox and the cards as long as the host lives.</summary>
internal sealed class ChatLoops(OutboxDelivery outbox, CardWriter cards) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(outbox.RunAsync(stoppingToken), cards.RunAsync(stoppingToken));
}

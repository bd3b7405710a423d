using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ScyllaBot.Observe;

/// <summary>The page of metrics. Whoever asks, and however often: it is made once at a time, and not again within a second.</summary>
internal sealed partial class MetricsPage(BotMeters meters, Vitals vitals, IEnumerable<IGauges> gauges, TimeProvider time, ILogger<MetricsPage> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ImmutableArray<IGauges> _gauges = [.. gauges];
    private readonly OneLook<string> _page = new(time, Fresh);

    public Task<string> ReadAsync() => _page.ReadAsync(MakeAsync);

    private async Task<string> MakeAsync()
    {
        var page = new Exposition();
        meters.Write(page);
        var parts = await vitals.LookAsync(lifeOnly: false);
        page.Add(Families.Health, parts.Select(p => new Sample(p.State switch { PartState.Ok => 1, PartState.Warning => 0.5, _ => 0 }, p.Name)));
        page.Add(Families.StoreUp, parts.Any(p => p is { Name: "store", State: PartState.Ok }) ? 1 : 0);
        foreach (var part in _gauges)
        {
            try
            {
                using var patience = new CancellationTokenSource(Vitals.Patience, time);
                await part.WriteAsync(page, patience.Token).WaitAsync(patience.Token);
            }
            catch (Exception broken)
            {
                // The rest of the page says what is wrong; without it nobody would hear of anything.
                LogIncomplete(broken, part.GetType().Name);
            }
        }

        return page.ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Metrics of {Part} are missing from the page")]
    private partial void LogIncomplete(Exception why, string part);
}

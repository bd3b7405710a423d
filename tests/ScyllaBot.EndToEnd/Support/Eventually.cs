namespace ScyllaBot.EndToEnd.Support;

/// <summary>Looks again and again, for a bounded time: what is waited for happens in another process.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not become true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> look, string what, TimeSpan patience, TimeSpan? every = null) =>
        await GetAsync(async () => await look() ? "yes" : null, what, patience, every);

    /// <returns>The first answer that is not null.</returns>
    /// <exception cref="TimeoutException">None came.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what, TimeSpan patience, TimeSpan? every = null)
        where T : class
    {
        using var timer = new CancellationTokenSource(patience);
        using var ticks = new PeriodicTimer(every ?? Every);
        try
        {
            while (true)
            {
                if (await look() is { } found)
                {
                    return found;
                }

                await ticks.WaitForNextTickAsync(timer.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"waited {patience.TotalSeconds:0} s for {what}", late);
        }
    }
}

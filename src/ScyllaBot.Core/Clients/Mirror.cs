using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>
/// The data service between applications and Scylla, as far as a shadow cluster needs it (docs/shadow-cluster.md): it mirrors writes, copies what
/// was there before, and compares reads. Everything it is asked for has a name of ours, so asking twice is asking once.
/// </summary>
internal sealed class Mirror
{
    private readonly OutsideHttp _http;
    private readonly string _shadow;

    private Mirror(OutsideHttp http, string shadow) => (_http, _shadow) = (http, shadow);

    /// <exception cref="UnrecoverableException">The inventory names none, or its secret would go in clear over the wire.</exception>
    public static Mirror Of(ClusterContext context)
    {
        var endpoint = context.Cluster.DataService
            ?? throw new UnrecoverableException($"{context.Cluster.Name} has no data_service in the inventory");
        if (!endpoint.Secrets.IsEmpty && endpoint.Url.Scheme != "https" && !endpoint.Url.IsLoopback)
        {
            throw new UnrecoverableException($"data service {endpoint.Url.Host}: secrets are sent over https only");
        }

        return new Mirror(OutsideHttp.Of("data service", endpoint, context.Http, context.Stamp), context.Cluster.Name);
    }

    /// <summary>Both halves as they are now.</summary>
    public Task<MirrorStatus> StatusAsync(CancellationToken ct) => TakeAsync<MirrorStatus>("GET", "", null, MirrorStatus.WhyOdd, ct);

    /// <summary>What reads compared to in the last so many seconds.</summary>
    public async Task<ReadComparison> ComparisonAsync(TimeSpan window, CancellationToken ct) => await TakeAsync<ReadComparison>(
        "GET", $"/reads?window_seconds={window.TotalSeconds.ToString(CultureInfo.InvariantCulture)}", null, ReadComparison.WhyOdd, ct);

    /// <summary>Mirrors a share of the source's writes; asked again with another share, that one counts from now on.</summary>
    /// <exception cref="UnrecoverableException">409: the shadow is another source's already.</exception>
    public Task<MirrorStatus> MirrorAsync(MirrorOrder order, CancellationToken ct) => TakeAsync<MirrorStatus>("PUT", "/writes", order, MirrorStatus.WhyOdd, ct);

    /// <summary>No more writes; asked again, nothing happens.</summary>
    public Task<MirrorStatus> StopWritesAsync(CancellationToken ct) => TakeAsync<MirrorStatus>("DELETE", "/writes", null, MirrorStatus.WhyOdd, ct);

    /// <summary>Ends every copy that runs; asked again, nothing happens.</summary>
    public Task<MirrorStatus> StopCopiesAsync(CancellationToken ct) => TakeAsync<MirrorStatus>("DELETE", "/copies", null, MirrorStatus.WhyOdd, ct);

    /// <summary>Compares a share of the source's reads with what the shadow answers; clients are answered by the source alone.</summary>
    public Task<MirrorStatus> CompareAsync(CompareOrder order, CancellationToken ct) => TakeAsync<MirrorStatus>("PUT", "/reads", order, MirrorStatus.WhyOdd, ct);

    /// <summary>No more reads; asked again, nothing happens.</summary>
    public Task<MirrorStatus> StopReadsAsync(CancellationToken ct) => TakeAsync<MirrorStatus>("DELETE", "/reads", null, MirrorStatus.WhyOdd, ct);

    /// <summary>Begins a copy of what is there, under an id of ours; one of that id that runs or has ended is told as it is.</summary>
    public Task<CopyJob> BeginCopyAsync(string id, CopyOrder order, CancellationToken ct) => TakeAsync<CopyJob>("PUT", $"/copies/{id}", order, CopyJob.WhyOdd, ct);

    /// <returns>Null: it knows no such copy.</returns>
    public async Task<CopyJob?> CopyAsync(string id, CancellationToken ct)
    {
        var answer = await _http.SendAsync("GET", PathOf($"/copies/{id}"), null, isRepeatable: true, ct);
        return answer.Status switch
        {
            404 => null,
            200 => Checked(_http.Read<CopyJob>(answer), CopyJob.WhyOdd),
            _ => throw _http.Classify(answer),
        };
    }

    private string PathOf(string rest) => $"v1/mirrors/{_shadow}{rest}";

    private async Task<T> TakeAsync<T>(string method, string rest, object? body, Func<T, string?> whyOdd, CancellationToken ct) =>
        Checked(await _http.AskAsync<T>(method, PathOf(rest), body, isRepeatable: true, ct), whyOdd);

    private T Checked<T>(T answer, Func<T, string?> whyOdd) =>
        _http.Take(() => whyOdd(answer)) is { } odd ? throw new UnrecoverableException($"data service answered something unreadable: {odd}") : answer;
}

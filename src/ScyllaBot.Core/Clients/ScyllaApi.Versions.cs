using System.Globalization;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>What a version lacks is said, not guessed (facts 1.23): a 404 of a newer endpoint is "not supported here" unless the node is starting.</summary>
public sealed partial class ScyllaApi
{
    private const string NotImplemented = "API call is not supported yet";

    /// <summary>Its version; null when the text is none, or the node is not ready to say.</summary>
    public async Task<ScyllaVersion?> NumberedVersionAsync(CancellationToken ct) =>
        await TryReadAsync<string>("storage_service/scylla_release_version", ct) is { } text ? ScyllaVersion.Parse(text) : null;

    private async Task<T> ReadSinceAsync<T>(ScyllaVersion since, string path, CancellationToken ct) =>
        Parse<T>(await SendSinceAsync(since, "GET", path, _readTimeout, changes: false, ct), path);

    /// <exception cref="UnrecoverableException">The node's version does not have it.</exception>
    private async Task<ReadOnlyMemory<byte>> SendSinceAsync(
        ScyllaVersion since, string method, string path, TimeSpan timeout, bool changes, CancellationToken ct)
    {
        var answer = await ExchangeAsync(method, path, timeout, changes, ct);
        if (answer.Status == 200)
        {
            return answer.Body;
        }

        var isMissing = answer.Status == 404 || MessageOf(answer).Contains(NotImplemented, StringComparison.Ordinal);
        if (isMissing && await NumberedVersionAsync(ct) is { } version && (version < since || answer.Status != 404))
        {
            throw new UnrecoverableException(string.Create(
                CultureInfo.InvariantCulture, $"{node.Name}: {path.Split('?')[0]} is not supported by {version}: it came with {since.Major}.{since.Minor}"));
        }

        throw Classify(answer, path, changes);
    }
}

namespace ScyllaBot.Core.Ports;

/// <summary>Port 6: one Discord REST call below rate limits, retries and classification, which live above it.</summary>
public interface IDiscordRest
{
    /// <exception cref="ExchangeException">No answer.</exception>
    Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct);
}

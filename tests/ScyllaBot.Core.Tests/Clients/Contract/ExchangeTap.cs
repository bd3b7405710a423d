using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Sees every HTTP call of a client, and may answer in the other side's place.</summary>
internal sealed class ExchangeTap(IHttpExchange inner) : IHttpExchange
{
    public List<HttpCall> Calls { get; } = [];

    /// <summary>Calls that were answered, with what was said.</summary>
    public List<(HttpCall Call, HttpAnswer Answer)> Answered { get; } = [];

    /// <summary>Given a call and its number from 0: another answer, or an exception; null = the other side answers.</summary>
    public Func<HttpCall, int, HttpAnswer?> Instead { get; set; } = (_, _) => null;

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        Calls.Add(call);
        var answer = Instead(call, Calls.Count - 1) ?? await inner.SendAsync(call, ct);
        Answered.Add((call, answer));
        return answer;
    }
}

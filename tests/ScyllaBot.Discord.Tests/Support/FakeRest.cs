using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Tests.Support;

/// <summary>A Discord that answers what the test says and notes what it was asked.</summary>
internal sealed class FakeRest(ManualTime time) : IDiscordRest
{
    public List<(HttpCall Call, TimeSpan At)> Calls { get; } = [];

    /// <value>Default 200 {"id":"1"}.</value>
    public Func<HttpCall, Task<HttpAnswer>> Answer { get; set; } = _ => Task.FromResult(Of(200, """{"id":"1"}"""));

    public static HttpAnswer Of(int status, string body, params (string Name, string Value)[] headers) =>
        new(status, [.. headers.Select(h => new KeyValuePair<string, string>(h.Name, h.Value))], Encoding.UTF8.GetBytes(body));

    /// <summary>These in order, then 200 for ever.</summary>
    public void Script(params HttpAnswer[] answers)
    {
        var queue = new Queue<HttpAnswer>(answers);
        Answer = _ => Task.FromResult(queue.TryDequeue(out var next) ? next : Of(200, """{"id":"1"}"""));
    }

    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        Calls.Add((call, time.Elapsed));
        return Answer(call);
    }

    public JsonObject Body(int index) => JsonNode.Parse(Calls[index].Call.Body.Span)!.AsObject();

    public DiscordApi Api(DiscordHealth? health = null) => new(new DiscordWire(
        this, new DiscordOptions { Token = "secret.token" }, health ?? new DiscordHealth(time), time, new HalfRandom(),
            NullLogger<DiscordWire>.Instance));
}

using System.Text;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Tests.Clients.Contract;

/// <summary>Something else than the answer that a client hopes for.</summary>
internal sealed record Mishap(string Name, Func<HttpAnswer> Answer)
{
    /// <summary>No connection: nothing was done.</summary>
    public static Mishap Refused { get; } = new("refused", () => throw new ExchangeException(ExchangeFailure.NotConnected, "connection refused"));

    public static Mishap Truncated { get; } = Said(200, "[{\"key\":");

    /// <summary>Sent, and no whole answer came.</summary>
    public static IReadOnlyList<Mishap> Lost { get; } =
        [.. new[] { ExchangeFailure.NoAnswer, ExchangeFailure.TimedOut, ExchangeFailure.TooLong }.Select(f => new Mishap($"{f}", () => throw new ExchangeException(f, "no answer")))];

    /// <summary>404 as Scylla says it.</summary>
    public static Mishap NotFound { get; } = Said(404, "{\"message\": \"Not found\", \"code\": 404}");

    public static Mishap Failed { get; } = Said(500, "{\"message\": \"std::runtime_error (it does not feel like it)\", \"code\": 500}");

    private static readonly string[] Bodies =
    [
        "", " ", "null", "[]", "{}", "[null]", "[{}]", "true", "0", "-1", "9223372036854775807", "1e400", "\"x\"", "\"\"", "[[[]]]", "[\"x\"]", "[1]", "{\"message\":5}",
        "[{\"key\":\"a\",\"value\":null},{\"key\":\"a\",\"value\":null}]", "[{\"key\":null,\"value\":[]}]", "[{\"key\":\"a\",\"value\":[]},{\"key\":\"a\",\"value\":[]}]",
        "[{\"key\":\"a\",\"value\":1},{\"key\":\"a\",\"value\":1}]", "[{\"key\":\"a\",\"value\":[null]}]", "[{\"ks\":null,\"cf\":null}]",
        "[{\"plan_id\":\"00000000-0000-0000-0000-000000000001\",\"sessions\":[null]}]", "[{\"start_token\":\"1\",\"end_token\":\"2\",\"endpoint_details\":null}]",
        "[{\"start_token\":\"1\",\"end_token\":\"2\",\"endpoint_details\":[null]}]", "[{\"start_token\":\"1\",\"end_token\":\"2\",\"endpoint_details\":[{}]}]",
        "{\"children_ids\":[null],\"progress_total\":\"many\"}", "{\"return\":null}", "{\"return\":[]}", "{\"return\":[null]}", "{\"return\":[5]}", "{\"return\":[{}]}",
        "{\"return\":[{\"b1\":{\"ret\":{\"a\":{\"__run_num__\":\"x\",\"__id__\":5}}}}]}", "{\"return\":[{\"b1\":[null]}]}", "{\"return\":[{\"jid\":5}]}", "{\"return\":[{\"token\":null}]}",
        "{\"return\":[{\"up\":null,\"down\":5}]}", "{\"info\":null}", "{\"info\":[null]}", "{\"info\":[{\"Function\":\"a\",\"Result\":{\"b1\":null}}]}",
        "{\"status\":\"success\"}", "{\"status\":\"success\",\"data\":null}", "{\"status\":\"success\",\"data\":{}}", "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\"}}",
        Data("vector", "null"), Data("vector", "[null]"), Data("vector", "[{}]"), Data("vector", "[{\"metric\":{},\"value\":[]}]"), Data("vector", "[{\"metric\":{\"a\":1},\"value\":[1,\"1\"]}]"),
        Data("vector", "[{\"metric\":{},\"value\":[1e300,\"1\"]}]"), Data("vector", "[{\"metric\":[],\"value\":5}]"), Data("vector", "[{\"metric\":{},\"value\":[1,2]}]"), Data("matrix", "[{\"metric\":{}}]"),
        Data("matrix", "[{\"metric\":{},\"values\":[[]]}]"), Data("scalar", "[]"), Data("scalar", "[\"a\",\"b\"]"), Data("odd", "5"),
        "[{\"labels\":null,\"startsAt\":\"x\"}]", "[{\"labels\":{\"a\":null},\"startsAt\":\"2026-01-01T00:00:00Z\",\"status\":null}]", "[{\"id\":\"a\",\"matchers\":null}]",
        "[{\"id\":\"a\",\"matchers\":[null],\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2026-01-01T00:00:00Z\",\"createdBy\":null,\"comment\":null,\"status\":{}}]",
        "[{\"id\":\"00000000-0000-0000-0000-000000000001\",\"type\":null,\"properties\":{\"keyspace\":5},\"schedule\":{\"cron\":\"{5\"}}]", "{\"run\":null,\"progress\":null}",
        "{\"run\":{\"id\":\"00000000-0000-0000-0000-000000000001\",\"status\":null},\"progress\":{\"tables\":[null]}}", "{\"run\":{},\"progress\":{\"success_percentage\":1e99}}",
    ];

    /// <summary>Everything: what nobody would answer, and what somebody does.</summary>
    public static IReadOnlyList<Mishap> All { get; } =
    [
        Refused, .. Lost, NotFound, Failed, Truncated,
        .. new[] { 204, 302, 400, 401, 403, 408, 409, 422, 429, 503 }.Select(status => Said(status, $"{{\"message\": \"so it is\", \"code\": {status}}}")),
        .. new[] { 400, 401, 404, 409, 422, 500, 502 }.Select(status => Said(status, "<!DOCTYPE html><html><body>no</body></html>")),
        .. new[] { 400, 404, 422, 500 }.SelectMany(status => new[] { Said(status, ""), Said(status, "null"), Said(status, "[]"), Said(status, "{\"message\":null,\"error\":5}") }),
        .. Bodies.Select(body => Said(200, body)),
        new Mishap("200 no text", () => new HttpAnswer(200, [], new byte[] { 0x22, 0xff, 0xfe, 0x22 })),
        .. new[] { "{}", "not-a-place", "" }.Select(body => Said(201, body)),
    ];

    public override string ToString() => Name;

    private static Mishap Said(int status, string body) => new($"{status} {body}", () => new HttpAnswer(status, [], Encoding.UTF8.GetBytes(body)));

    private static string Data(string type, string result) => $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"{type}\",\"result\":{result}}}}}";
}

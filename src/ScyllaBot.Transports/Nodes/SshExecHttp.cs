using System.Globalization;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.NodeSide;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Nodes;

/// <summary>Where sshd forbids forwarding: scyllabot-node sends the request to the node's own address and brings back the raw answer.</summary>
internal sealed class SshExecHttp(SshConnections connections, NodeProgram program)
{
    private const int HeadRoom = 64 * 1024;

    public async Task<HttpAnswer> SendAsync(HttpCall call, NodeAccess access, CancellationToken ct)
    {
        var max = call.MaxBytes + HeadRoom;
        using var timer = new CancellationTokenSource(call.Timeout, connections.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        IEnumerable<string> Words(string mark) => program.AsUser(
            access.Ssh.Helper, mark,
            "http", call.Uri.Host.Trim('[', ']'), call.Uri.Port.ToString(CultureInfo.InvariantCulture), NodeProgram.Seconds(call.Timeout),
            (max + 1).ToString(CultureInfo.InvariantCulture));
        try
        {
            var end = await SshSession.RunAsync(connections.Of(access), Words, Request(call), max + 1, null, both.Token);
            return end switch
            {
                { Kind: "unconnected" or "refused" } => throw new ExchangeException(ExchangeFailure.NotConnected, end.Detail),
                { Kind: "exit", Detail: "124" } => throw new ExchangeException(ExchangeFailure.TimedOut, $"no answer within {call.Timeout.TotalSeconds:0} s"),
                _ when end.Output.Bytes.Length > max => throw TooLong(call),
                _ => RawAnswer.Parse(end.Output.Bytes) is var answer && answer.Body.Length <= call.MaxBytes ? answer : throw TooLong(call),
            };
        }
        catch (RefusedException refused)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, refused.Message, refused);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.TimedOut, $"no answer within {call.Timeout.TotalSeconds:0} s");
        }
    }

    private static ExchangeException TooLong(HttpCall call) => new(ExchangeFailure.TooLong, $"the answer is longer than {call.MaxBytes} bytes");

    private static ReadOnlyMemory<byte> Request(HttpCall call)
    {
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{call.Method} {call.Uri.PathAndQuery} HTTP/1.1\r\nHost: {call.Uri.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in call.Headers)
        {
            if (name.Concat(value).Any(char.IsControl))
            {
                throw new ExchangeException(ExchangeFailure.NotConnected, $"the header {name} has control characters in it");
            }

            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (call.ContentType is { } type)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        }

        if (!call.Body.IsEmpty || call.Method is "POST" or "PUT" or "PATCH")
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {call.Body.Length}\r\n");
        }

        return (byte[])[.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. call.Body.Span];
    }
}

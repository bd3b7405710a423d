using System.Net;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports;

/// <summary>Commands on simulated nodes. It refuses every address that is not this machine's loopback: real nodes have no such door.</summary>
public sealed class SandboxCommandChannel(IHttpExchange http) : ICommandChannel
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
    {
        var door = DoorOf(node);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                argv = command.Argv, receipt = command.Receipt, epoch = command.Epoch, timeout_ms = (long)command.Timeout.TotalMilliseconds, step = command.Step,
                stdin = command.Stdin.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(command.Stdin.Span),
            }, Json);
        var answer = await http.SendAsync(
            new HttpCall("POST", door, command.Timeout) { Body = body, ContentType = "application/json", MaxBytes = command.MaxOutput + (64 * 1024) }, ct);
        return answer.Status switch
        {
            200 => Result(answer, line),
            503 => throw new ExchangeException(ExchangeFailure.NotConnected, "the machine is down"),
            409 => throw new FencedException("the node has seen a newer lease: another control plane is at work"),
            _ => throw new ExchangeException(ExchangeFailure.NoAnswer, $"the command channel answered {answer.Status}"),
        };
    }

    public async Task ReleaseAsync(Node node, string receipt, CancellationToken ct)
    {
        try
        {
            var door = new Uri(DoorOf(node).AbsoluteUri.TrimEnd('/') + "/release");
            await http.SendAsync(
                new HttpCall("POST", door, TimeSpan.FromSeconds(10)) { Body = JsonSerializer.SerializeToUtf8Bytes(new { receipt }, Json), ContentType = "application/json" }, ct);
        }
        catch (ExchangeException)
        {
            // A receipt too many is harmless: its name is never used again.
        }
    }

    private static CommandResult Result(HttpAnswer answer, Action<string>? line)
    {
        var ended = Read(answer) ?? throw new ExchangeException(ExchangeFailure.NoAnswer, "the command channel answered nothing that can be read");
        if (ended.State == "lost")
        {
            throw new CommandLostException("it was begun before the node's last boot and never ended: what it did is unknown");
        }

        if (ended.Exit is not { } exit)
        {
            // It outlasted its timeout and still runs: whoever asks again under its receipt is attached to it (R12).
            throw new ExchangeException(ExchangeFailure.TimedOut, "the command is still running");
        }

        if (line is not null)
        {
            foreach (var text in (ended.Output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                line(text.TrimEnd('\r'));
            }
        }

        return new CommandResult(exit, ended.Output ?? "");
    }

    private static Ended? Read(HttpAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<Ended>(answer.Body.Span, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Uri DoorOf(Node node) => node.Commands is { IsLoopback: true } door
        && (IPAddress.TryParse(door.Host, out var address) ? IPAddress.IsLoopback(address) : door.Host == "localhost")
        ? door
        : throw new ExchangeException(
            ExchangeFailure.NotConnected, $"{node.Name} has no command channel: the simulated one exists in the sandbox only, and SSH is not built yet");

    private sealed record Ended(int? Exit, string? Output, string? State);
}

using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Ports;

/// <summary>One HTTP request.</summary>
/// <param name="Method">GET, POST, DELETE …</param>
/// <param name="Uri">Absolute.</param>
/// <param name="Timeout">How long to wait for the whole answer.</param>
public sealed record HttpCall(string Method, Uri Uri, TimeSpan Timeout)
{
    /// <value>Default none.</value>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Goes over the wire at most once, whatever its method says: some of Scylla's GETs change data. Everything but GET and HEAD goes once anyway.</summary>
    public bool Once { get; init; }

    /// <summary>Whose transport carries it (decision 6); null = from here, directly.</summary>
    public Node? Node { get; init; }

    /// <summary>Secrets whose placeholders stand in headers or body. They are put in below the port, so no value is ever above it.</summary>
    public ImmutableArray<SecretRef> Secrets { get; init; } = [];

    /// <summary>Where it goes instead, when the address itself is a secret: put in below the port, and in no message.</summary>
    public SecretRef? SecretUri { get; init; }

    /// <summary>Stands for an address that is a secret.</summary>
    public static Uri Hidden { get; } = new("https://hidden.invalid/");

    /// <value>Default 16 MiB: a longer answer is a failure, not a truncated truth.</value>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;
}

/// <summary>What came back, whatever the status.</summary>
public sealed record HttpAnswer(int Status, ImmutableArray<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);

/// <summary>Port 4: request → status, headers, bounded bytes.</summary>
public interface IHttpExchange
{
    /// <exception cref="ExchangeException">No answer; its kind says how far it came.</exception>
    Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct);
}

/// <summary>How far an exchange came when it broke: the fact a retry decision needs.</summary>
public enum ExchangeFailure
{
    /// <summary>No connection: the request had no effect.</summary>
    NotConnected,

    /// <summary>Sent, no whole answer: it may have had its effect.</summary>
    NoAnswer,

    /// <summary>Our own patience ended after it was sent: it may have had its effect.</summary>
    TimedOut,

    /// <summary>More bytes than allowed.</summary>
    TooLong,
}

/// <summary>Thrown below the ports, classified above them by the client that knows what the call meant.</summary>
public sealed class ExchangeException(ExchangeFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExchangeFailure Failure => failure;
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ScyllaBot.Transports.Tests;

/// <summary>A server on loopback that says exactly the bytes it is told to, once for each connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _says;
    private readonly bool _hangsUp;
    private readonly Task _serving;

    /// <param name="says">What it answers; empty = nothing.</param>
    /// <param name="hangsUp">Whether it closes the connection then, or keeps it open until the test is over.</param>
    public RawServer(string says, bool hangsUp = true)
    {
        (_says, _hangsUp) = (says, hangsUp);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The whole request, once it is there.</summary>
    public Task<string> Asked => _asked.Task;

    /// <summary>A whole answer.</summary>
    public static string Answer(int status, string body, string headers = "") =>
        $"HTTP/1.1 {status} Whatever\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>An address at which nobody listens.</summary>
    public static Uri Nobody()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}/");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                var asked = await RequestAsync(stream);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_says), _end.Token);
                _asked.TrySetResult(asked);
                while (!_hangsUp && await stream.ReadAsync(new byte[1], _end.Token) > 0)
                {
                    // Open until the client goes, or the test is over.
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            // The test is over, or its client has gone.
        }
    }

    private async Task<string> RequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string Length = "Content-Length: ";
        var at = request.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        var body = at < 0 ? 0 : int.Parse(request[(at + Length.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return end >= 0 && request.Length >= end + 4 + body;
    }
}

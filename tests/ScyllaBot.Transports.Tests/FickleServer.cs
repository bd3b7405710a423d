using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ScyllaBot.Transports.Tests;

/// <summary>A server on loopback that answers some requests, keeps the connection, and closes it as soon as it has read the next request; so on from there.</summary>
internal sealed class FickleServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private int _answers;
    private int _requests;
    private int _connections;

    /// <param name="answers">How many requests it answers.</param>
    public FickleServer(int answers)
    {
        _answers = answers;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Whole requests that came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public int Connections => Volatile.Read(ref _connections);

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
                Interlocked.Increment(ref _connections);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            if (line.Length > 0)
            {
                continue;
            }

            Interlocked.Increment(ref _requests);
            if (_answers-- <= 0)
            {
                return;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(RawServer.Answer(200, "yes")), _end.Token);
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>
/// The bed's network as this process reaches it: a socket belongs to the network it was made in, so connections are made by a thread that
/// has gone there, and used from anywhere.
/// </summary>
internal static class BedNetwork
{
    private const int CloneNewNet = 0x40000000;

    /// <param name="network">Such as <c>/run/netns/bed</c>.</param>
    public static SocketsHttpHandler Handler(string network) => new()
    {
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = async (context, ct) => new NetworkStream(await ConnectAsync(network, context.DnsEndPoint, ct), ownsSocket: true),
    };

    private static async Task<Socket> ConnectAsync(string network, DnsEndPoint where, CancellationToken ct)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own that ends right after: it never comes back to this network.
        new Thread(() =>
        {
            try
            {
                using var there = File.OpenHandle(network);
                if (SetNamespace((int)there.DangerousGetHandle(), CloneNewNet) != 0)
                {
                    throw new SocketException(Marshal.GetLastPInvokeError());
                }

                made.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception failed)
            {
                made.SetException(failed);
            }
        })
        {
            IsBackground = true,
        }.Start();
        var socket = await made.Task;
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(where.Host), where.Port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int handle, int kind);
}

using System.Net.Sockets;

namespace ScyllaBot;

/// <summary><c>ScyllaBot health</c>: one question to the bot that runs with the same settings, on its control socket. It needs no curl and no token.</summary>
internal static class HealthCommand
{
    public const string Usage = """
        ScyllaBot health [--ready]   asks /healthz (or /readyz) on the control socket of the bot that runs with the same settings

        Exit codes: 0 well, 1 not well or nobody answers, 2 wrong arguments or configuration.
        """;

    private const string HungUp = "it hung up, or did not answer in HTTP";
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not ([] or ["--ready"]))
        {
            await (args is ["--help"] ? output : errors).WriteLineAsync(args is ["--help"] ? Usage : $"health takes --ready only. {Usage}");
            return args is ["--help"] ? 0 : 2;
        }

        string socket;
        try
        {
            var settings = StartChecks.Settings(StartChecks.Configuration());
            socket = Path.GetFullPath(settings.Control.SocketIn(settings.State));
        }
        catch (StartRefusedException refused)
        {
            // A refusal quotes what it was given, and whoever runs probes keeps what they say.
            await errors.WriteLineAsync(BotExit.Secrets().Without(refused.Message));
            return 2;
        }

        try
        {
            var (isWell, text) = await AskAsync(socket, args is ["--ready"] ? "/readyz" : "/healthz");
            await output.WriteLineAsync(text);
            return isWell ? 0 : 1;
        }
        catch (Exception failed) when (failed is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            await errors.WriteLineAsync($"Nobody answers on {socket}: {WhyOf(failed, socket)}");
            return 1;
        }
    }

    /// <summary>The runtime speaks of an address and a port that nobody has heard of here.</summary>
    private static string WhyOf(Exception failed, string socket) => (failed as SocketException ?? failed.InnerException as SocketException)?.SocketErrorCode switch
    {
        _ when failed is OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} s",
        SocketError.ConnectionRefused => "a bot that has ended left this socket",
        SocketError.AccessDenied => "this user may not connect to it (ScyllaBot:Control:SocketMode and the socket's group say who may)",
        not null when !Path.Exists(socket) => "there is no such socket: no bot runs with these settings (ScyllaBot:State, ScyllaBot:Control:Socket)",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.Success => HungUp,
        { } other => $"it can not be connected to ({other})",
        null => HungUp,
    };

    private static async Task<(bool IsWell, string Text)> AskAsync(string socket, string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var stream = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await stream.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                    return new NetworkStream(stream, ownsSocket: true);
                }
                catch
                {
                    stream.Dispose();
                    throw;
                }
            },
        };
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = MostBytes };
        using var answer = await http.GetAsync(new Uri("http://localhost" + path), patience.Token);
        return (answer.IsSuccessStatusCode, (await answer.Content.ReadAsStringAsync(patience.Token)).Trim());
    }
}

using System.Net.Sockets;
using System.Net.WebSockets;
using Serilog.Events;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot;

/// <summary>What a network does says nothing about our code, so its stack is left out of the log: a line in words instead of thirty.</summary>
internal static class BriefError
{
    /// <returns>The same event, with one line in place of a stack where the network is to blame.</returns>
    public static LogEvent In(LogEvent logged) => logged.Exception is not { } error || !IsOfTheNetwork(error) ? logged : new LogEvent(
        logged.Timestamp, logged.Level, new Line(Words(error)), logged.MessageTemplate, logged.Properties.Select(p => new LogEventProperty(p.Key, p.Value)));

    private static bool IsOfTheNetwork(Exception error) =>
        error is DiscordException or ExchangeException or HttpRequestException or SocketException or WebSocketException or IOException { InnerException: SocketException };

    /// <summary>Each cause once; an outer one often repeats the inner.</summary>
    private static string Words(Exception error)
    {
        var said = error.Message;
        for (var inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            said = said.Contains(inner.Message, StringComparison.Ordinal) ? said : $"{said}: {inner.Message}";
        }

        return said.ReplaceLineEndings(" ");
    }

    private sealed class Line(string words) : Exception(words)
    {
        public override string ToString() => Message;
    }
}

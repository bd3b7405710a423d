using System.ComponentModel.DataAnnotations;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>Section <c>ScyllaBot:Control</c>: the endpoint that <c>scyllactl</c> and programs talk to.</summary>
internal sealed record ControlSettings
{
    public bool Enabled { get; init; } = true;

    /// <value>Default (also when empty) <c>control.sock</c> beside the database. On Linux only: elsewhere the kernel does not tell us who asks in this way.</value>
    public string? Socket { get; init; }

    /// <summary>Where the socket is, for whoever listens there and for whoever asks there.</summary>
    /// <param name="state">Folder of the database.</param>
    public string SocketIn(string state) => Socket is { Length: > 0 } socket ? socket : Path.Combine(state, ControlRoutes.SocketName);

    /// <value>Default 0660: the bot's user and group may connect. Whoever connects is asked for their rights as well.</value>
    [RegularExpression("0600|0660|0666")]
    public string SocketMode { get; init; } = "0660";

    /// <summary>Such as <c>127.0.0.1:7410</c>, besides the socket: loopback only, and only with <see cref="TokenFile"/>. Null = none.</summary>
    public string? Listen { get; init; }

    /// <summary>A file that nobody else can read: lines of <c>user token</c>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Chat channel, by its configured name, for cards of jobs that are started here, whatever cluster they are for. Null: the first of them by the alphabet.</summary>
    public string? Channel { get; init; }

    /// <summary>User of this machine → <c>read</c>, <c>operate</c>, <c>approve</c>. Whoever is not named may nothing, but for root and the bot's own user: they read and operate.</summary>
    public Dictionary<string, string[]>? Users { get; init; }

    /// <summary>User of this machine → who that is in chat, by id; <c>none</c> for whoever is not there. Every user who is named with operate or approve has a line (R16).</summary>
    public Dictionary<string, string>? ChatIds { get; init; }
}

namespace ScyllaBot.Sandbox.Discord;

/// <summary>Times and limits of the emulator. The defaults are Discord's own.</summary>
public sealed class DiscordEmulatorOptions
{
    /// <summary>
    /// The clock of everything Discord. Default: the system's, since the emulator runs on real time even if the clusters do not.
    /// </summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What Hello announces. Default 41,250 ms.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(41_250);

    /// <summary>How long an interaction waits for its first answer. Default 3 s.</summary>
    public TimeSpan FirstAnswer { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an interaction token lives. Default 15 min.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session without a connection can be resumed. Default 5 min.</summary>
    public TimeSpan SessionLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Only one Identify per this window (max_concurrency 1); an earlier one gets op 9. Default 5 s; zero switches the rule off.
    /// </summary>
    public TimeSpan IdentifyWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Dispatches kept per session for a replay. Default 1,000; a client further behind gets op 9 false.</summary>
    public int ReplayBuffer { get; set; } = 1_000;

    /// <summary>Messages kept per channel. Default 1,000; the oldest go first.</summary>
    public int MessagesPerChannel { get; set; } = 1_000;

    /// <summary>Entries kept by the traffic log. Default 20,000.</summary>
    public int TrafficEntries { get; set; } = 20_000;

    /// <summary>Characters kept by the traffic log over all its bodies. Default 64 Mi.</summary>
    public long TrafficCharacters { get; set; } = 64L * 1024 * 1024;

    /// <summary>Bytes of uploaded files kept for the attachment links. Default 64 MiB; the oldest go first.</summary>
    public long FileBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>REST calls per second over all routes that count. Default 50.</summary>
    public int GlobalPerSecond { get; set; } = 50;
}

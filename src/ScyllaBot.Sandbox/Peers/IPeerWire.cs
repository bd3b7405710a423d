namespace ScyllaBot.Sandbox.Peers;

/// <summary>What carries words between the processes of a cluster.</summary>
internal interface IPeerWire
{
    /// <returns>Null when no answer came in time.</returns>
    Task<PeerState?> AskAsync(string peer);

    /// <summary>Best effort: a peer that does not hear it will notice the silence.</summary>
    Task TellAsync(string peer, PeerLeave leave);
}

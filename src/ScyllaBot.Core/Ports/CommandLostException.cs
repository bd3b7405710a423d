namespace ScyllaBot.Core.Ports;

/// <summary>
/// Started under its receipt before the node's last boot, and never ended: what it did is unknown, and it is not run again (R12). The task's own
/// check decides; without one a human does.
/// </summary>
public sealed class CommandLostException(string message) : Exception(message);

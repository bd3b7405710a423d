using ScyllaBot.Core.Ports;

namespace ScyllaBot.Discord;

/// <summary>Jitter of a real network; the engine's seeded source is not to be shared with it.</summary>
internal sealed class SystemRandom : IRandom
{
    // Nothing here is a secret: jitter and ids of log lines.
#pragma warning disable CA5394
    public double NextDouble() => Random.Shared.NextDouble();

    public void NextBytes(Span<byte> bytes) => Random.Shared.NextBytes(bytes);
#pragma warning restore CA5394
}

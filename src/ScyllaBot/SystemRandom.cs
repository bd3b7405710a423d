using ScyllaBot.Core.Ports;

namespace ScyllaBot;

/// <summary>Production's randomness.</summary>
internal sealed class SystemRandom : IRandom
{
    public double NextDouble() => Random.Shared.NextDouble();

    public void NextBytes(Span<byte> bytes) => Random.Shared.NextBytes(bytes);
}

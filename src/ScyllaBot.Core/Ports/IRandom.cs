namespace ScyllaBot.Core.Ports;

/// <summary>Port 2: every random choice of the engine, so that a seed replays it.</summary>
public interface IRandom
{
    /// <returns>0 ≤ x &lt; 1.</returns>
    double NextDouble();

    void NextBytes(Span<byte> bytes);
}

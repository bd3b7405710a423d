using System.Text.Json;
using ScyllaBot.Core.Control;

namespace Scyllactl.Show;

/// <summary>What programs read: the control endpoint's own form.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Pretty = new(ControlJson.Answers) { WriteIndented = true };

    /// <summary>One document.</summary>
    public static Task WriteAsync<T>(TextWriter output, T value) => output.WriteLineAsync(JsonSerializer.Serialize(value, Pretty));

    /// <summary>One line of several.</summary>
    public static void WriteLine<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, ControlJson.Answers));
}

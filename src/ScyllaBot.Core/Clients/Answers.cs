using System.Text.Json;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>What others answered, taken apart in one place: an answer of another shape than described is a failure with a name, whatever it broke.</summary>
internal static class Answers
{
    /// <param name="who">Begins the sentence: who was asked, and for what.</param>
    /// <param name="take">Takes an answer apart and touches nothing else. Wire records say where a null may be: one elsewhere is a broken answer.</param>
    /// <exception cref="UnrecoverableException">It is not what was described; another attempt would find the same.</exception>
    public static T Take<T>(string who, Func<T> take)
    {
        try
        {
            return take();
        }
        catch (Exception odd) when (odd is JsonException or NullReferenceException or InvalidOperationException or KeyNotFoundException
            or ArgumentException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new UnrecoverableException($"{who} answered something unreadable: {odd.Message}", odd);
        }
    }
}

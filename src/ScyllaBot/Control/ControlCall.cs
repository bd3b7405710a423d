using System.Globalization;
using Microsoft.AspNetCore.Http;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>One request as a verb sees it.</summary>
/// <param name="By">Who, with the rights of this moment; its interaction is the request's id.</param>
/// <param name="Body">What was posted, as the route has it; null where it has none.</param>
internal sealed record ControlCall(Actor By, HttpContext Context, object? Body)
{
    private const int LongestPlace = 200;

    public JobId Job => new(Place("job"));

    public T Form<T>() => (T)Body!;

    /// <summary>What stands in the path in the place of these braces.</summary>
    public string Place(string name) => Context.Request.RouteValues[name] as string is { Length: > 0 } text && text.Length <= LongestPlace
        ? text : throw new ProblemException(Problems.Of(Problems.BadRequest, $"The {name} in the path is longer than {LongestPlace} characters."));

    public string? Option(string name) => Context.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    /// <exception cref="ProblemException">It is no number of that range.</exception>
    public long Number(string name, long fallback, long least, long most) => Option(name) is not { } text ? fallback
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ProblemException(Problems.Of(Problems.BadRequest, $"{name} is a whole number from {least} to {most}."));
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

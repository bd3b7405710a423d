using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>Answers and problems on their way out.</summary>
internal static class ControlAnswers
{
    public static async Task WriteAsync(HttpResponse response, object answer, CancellationToken ct)
    {
        var (status, type) = answer is Problem problem ? (problem.Status, Problem.MediaType) : (StatusCodes.Status200OK, "application/json");
        response.StatusCode = status;
        response.ContentType = type;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), ControlJson.Answers), ct);
    }
}

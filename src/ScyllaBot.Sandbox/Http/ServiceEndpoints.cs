using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The services beside the nodes, on the sandbox's own listener below `/sandbox/services/{cluster}/{kind}/`.</summary>
internal static class ServiceEndpoints
{
    private const int LongestBody = 1024 * 1024;

    public static void MapServices(this IEndpointRouteBuilder app, SandboxWorld world)
    {
        // History from the first moment on: in the sandbox somebody will ask how it was before.
        world.Agenda.Run(() => world.Clusters.SelectMany(c => c.Services).OfType<SimPrometheus>().ToList().ForEach(p => p.Start()));
        app.Map("/sandbox/services/{cluster}/{kind}/{**path}", async (string cluster, string kind, string? path, HttpContext http) =>
        {
            if (world.Cluster(cluster)?.Services.FirstOrDefault(s => string.Equals(s.Kind, kind, StringComparison.Ordinal)) is not { } service)
            {
                http.Response.StatusCode = 404;
                return;
            }

            if (http.Request.ContentLength > LongestBody)
            {
                http.Response.StatusCode = 413;
                return;
            }

            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            var call = new ServiceCall(
                http.Request.Method,
                "/" + path,
                [.. http.Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))],
                http.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body);
            var answer = await world.Agenda.Run(() => service.AnswerAsync(call)).WaitAsync(http.RequestAborted);
            if (answer.Status == 0)
            {
                http.Abort();
                return;
            }

            http.Response.StatusCode = answer.Status;
            http.Response.ContentType = answer.ContentType;
            foreach (var (name, value) in answer.Headers)
            {
                http.Response.Headers[name] = value;
            }

            await http.Response.WriteAsync(answer.Body, http.RequestAborted);
        });
    }
}

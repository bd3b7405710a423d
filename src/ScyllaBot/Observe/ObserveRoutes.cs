using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Observe;

/// <summary>What /healthz and /readyz answer.</summary>
internal sealed record HealthAnswer(string Status, ImmutableArray<Vital> Parts);

/// <summary>Health, readiness and metrics: they hold no secrets and change nothing, so whoever can connect may ask.</summary>
internal sealed class ObserveRoutes(Vitals vitals, MetricsPage metrics) : IControlRoutes
{
    public const string Health = "/healthz";
    public const string Ready = "/readyz";
    public const string Metrics = "/metrics";

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Health, (HttpContext context) => AnswerAsync(context, lifeOnly: true)).WithMetadata(AnyCaller.Instance);
        app.MapGet(Ready, (HttpContext context) => AnswerAsync(context, lifeOnly: false)).WithMetadata(AnyCaller.Instance);
        app.MapGet(Metrics, (HttpContext context) => MetricsAsync(context)).WithMetadata(AnyCaller.Instance);
    }

    private async Task AnswerAsync(HttpContext context, bool lifeOnly)
    {
        var parts = await vitals.LookAsync(lifeOnly);
        var isWell = Vitals.AreWell(parts);
        var answer = new HealthAnswer(isWell ? lifeOnly ? "alive" : "ready" : lifeOnly ? "failing" : "not_ready", parts);
        context.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Answers), context.RequestAborted);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = Exposition.MediaType;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(await metrics.ReadAsync(), context.RequestAborted);
    }
}

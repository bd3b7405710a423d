using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Control;

namespace ScyllaBot.Tests.Control;

/// <summary>Another part's routes on the same endpoint.</summary>
internal sealed class HealthLikeRoutes : IControlRoutes
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthlike", () => "well").WithMetadata(AnyCaller.Instance);
        app.MapGet("/private", () => "secret");
    }
}

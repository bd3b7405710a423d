using Microsoft.AspNetCore.Routing;

namespace ScyllaBot.Control;

/// <summary>Adds routes to the endpoint: register one with the host's services. Only callers with a right get there, unless it says <see cref="AnyCaller"/>.</summary>
internal interface IControlRoutes
{
    void Map(IEndpointRouteBuilder app);
}

/// <summary>Metadata of a route that anybody may ask who can connect, also without a token: health, never more.</summary>
internal sealed class AnyCaller
{
    public static readonly AnyCaller Instance = new();

    private AnyCaller() { }
}

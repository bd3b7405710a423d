using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Discord.Rest.Routes;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>Maps every route below /api/v10, /api/v9 and the bare /api.</summary>
internal static class RouteTable
{
    private static readonly string[] Prefixes = ["/api/v10", "/api/v9", "/api"];

    public static IEnumerable<ApiRoute> All =>
        [
            .. IdentityRoutes.All,
            .. GuildRoutes.All,
            .. CommandRoutes.All,
            .. CallbackRoutes.All,
            .. MessageRoutes.All,
            .. PinRoutes.All,
            .. ThreadRoutes.All,
            .. WebhookRoutes.All,
        ];

    public static void Map(IEndpointRouteBuilder app, DiscordWorld world)
    {
        var door = new RestEndpoint(world);
        foreach (var prefix in Prefixes)
        {
            foreach (var path in All.GroupBy(route => route.Template, StringComparer.Ordinal))
            {
                var methods = path.ToDictionary(route => route.Method, StringComparer.OrdinalIgnoreCase);
                app.Map(
                    prefix + path.Key,
                    context =>
                        methods.TryGetValue(context.Request.Method, out var route)
                            ? door.AnswerAsync(context, route)
                            : door.RefuseAsync(context, ApiError.WrongMethod())
                );
            }
        }

        app.Map("/api/{**path}", context => door.RefuseAsync(context, ApiError.NotFound()));
        app.MapGet("/cdn/attachments/{channel}/{id}/{name}", context => SendFileAsync(context, world));
    }

    private static async Task SendFileAsync(HttpContext context, DiscordWorld world)
    {
        State.UploadedFile? file;
        lock (world.Gate)
        {
            file = JsonReading.Id(context.GetRouteValue("id")?.ToString()) is { } id ? world.Files.Find(id) : null;
        }

        if (file is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // Never inline: an uploaded page or drawing must not run under the sandbox's own origin.
        var picture = file.ContentType is "image/png" or "image/jpeg" or "image/gif" or "image/webp";
        context.Response.ContentType = picture ? file.ContentType : "application/octet-stream";
        context.Response.Headers.ContentDisposition = picture ? "inline" : "attachment";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
    }
}

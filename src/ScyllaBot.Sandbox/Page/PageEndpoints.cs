using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ScyllaBot.Sandbox.Page;

/// <summary>Serves the sandbox's web page: the files below Page/, embedded in this assembly at build time.</summary>
public static class PageEndpoints
{
    // Everything the page shows comes from chat or from nodes: even if a view forgot to escape, nothing but our own files may run.
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string ResourcePrefix = "ScyllaBot.Sandbox.Page.";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Asset> Assets = LoadAssets();

    /// <summary>Maps <c>/</c> to index.html and <c>/page/*</c> to the other files. Unknown names answer 404.</summary>
    public static IEndpointRouteBuilder MapPage(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapGet("/", (HttpContext context) => SendAsync(context, "index.html"));
        endpoints.MapGet("/page/{**path}", (HttpContext context, string? path) => SendAsync(context, path ?? ""));
        return endpoints;
    }

    private static async Task SendAsync(HttpContext context, string path)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (!Assets.TryGetValue(path.Replace('/', '.'), out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = asset.Bytes.Length;
        await context.Response.Body.WriteAsync(asset.Bytes, context.RequestAborted);
    }

    // The build turns "Page/scripts/app.js" into "ScyllaBot.Sandbox.Page.scripts.app.js", so a path is found with its slashes as dots.
    private static FrozenDictionary<string, Asset> LoadAssets()
    {
        var assembly = typeof(PageEndpoints).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal) && ContentTypes.ContainsKey(Path.GetExtension(name)))
            .ToFrozenDictionary(
                name => name[ResourcePrefix.Length..],
                name => new Asset(ContentTypes[Path.GetExtension(name)], Read(assembly, name)),
                StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded file {name} vanished from {assembly.GetName().Name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private sealed record Asset(string ContentType, byte[] Bytes);
}

using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>The front door of every REST call: user agent, faults, token, rate limits, body, then the route, and the traffic log.</summary>
internal sealed partial class RestEndpoint(DiscordWorld world)
{
    public async Task AnswerAsync(HttpContext context, ApiRoute route)
    {
        var started = world.Time.GetTimestamp();
        var body = RequestBody.Empty;
        ApiReply reply;
        try
        {
            RefuseUserAgent(context.Request, route);
            await SlowDownAsync(context);
            Admit(context, route);
            body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            lock (world.Gate)
            {
                world.Origin = $"http://{context.Request.Host}";
                reply = route.Answer(new ApiCall(world, context, body));
            }
        }
        catch (ApiError error)
        {
            reply = new ApiReply(error.Status, error.Json());
        }
        catch (TooManyRequests limited)
        {
            limited.Describe(context.Response, world.Now);
            reply = new ApiReply(429, limited.Json());
        }

        world.Traffic.Rest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString.Value,
            body.Text,
            reply.Status,
            reply.Body?.Print(),
            world.Time.GetElapsedTime(started)
        );
        await WriteAsync(context, reply);
    }

    /// <summary>A path or method that the API does not know.</summary>
    public Task RefuseAsync(HttpContext context, ApiError error)
    {
        world.Traffic.Rest(context.Request.Method, context.Request.Path, null, error.Status, error.Json().Print(), TimeSpan.Zero);
        return WriteAsync(context, new ApiReply(error.Status, error.Json()));
    }

    /// <summary>
    /// Cloudflare stands in front of Discord and refuses clients that do not say who they are; webhooks may be run by anybody with a
    /// name.
    /// </summary>
    private static void RefuseUserAgent(HttpRequest request, ApiRoute route)
    {
        var agent = request.Headers.UserAgent.ToString();
        var anyone = !route.NeedsBot && route.Template.StartsWith("/webhooks/", StringComparison.Ordinal);
        if (agent.Length == 0 || (!anyone && !BotAgent().IsMatch(agent)))
        {
            throw ApiError.BadUserAgent();
        }
    }

    private async Task SlowDownAsync(HttpContext context)
    {
        RestFault? slow;
        lock (world.Gate)
        {
            slow = world.Faults.TakeRest("rest-slow", context.Request.Method, context.Request.Path);
        }

        if (slow is not null)
        {
            await Task.Delay(slow.Life, world.Time, context.RequestAborted);
        }
    }

    private void Admit(HttpContext context, ApiRoute route)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        lock (world.Gate)
        {
            if (world.Faults.TakeRest("rest-500", method, path) is not null)
            {
                throw new ApiError(500, 0, "500: Internal Server Error");
            }

            if (route.NeedsBot && context.Request.Headers.Authorization.ToString() != "Bot " + Known.Token)
            {
                CountInvalid();
                throw ApiError.Unauthorized();
            }

            Limit(context, route, method, path);
        }
    }

    private void Limit(HttpContext context, ApiRoute route, string method, string path)
    {
        if (route.Limit.Global)
        {
            if (world.Faults.GlobalLeft is { } left)
            {
                throw new TooManyRequests(left, "global", null);
            }

            var global = world.Limits.Take("global", "", world.Options.GlobalPerSecond, TimeSpan.FromSeconds(1));
            if (!global.Fits)
            {
                throw new TooManyRequests(global.ResetAfter, "global", null);
            }
        }

        var standing =
            route.Limit.Requests == 0
                ? null
                : world.Limits.Take(Bucket(route), Major(context, route), route.Limit.Requests, route.Limit.Window);
        if (world.Faults.TakeRest("rate-limit", method, path) is { } fault)
        {
            CountInvalid();
            throw new TooManyRequests(
                fault.Life,
                "user",
                standing is null ? null : standing with { Remaining = 0, ResetAfter = fault.Life }
            );
        }

        if (standing is null)
        {
            return;
        }

        if (!standing.Fits)
        {
            CountInvalid();
            throw new TooManyRequests(standing.ResetAfter, "user", standing);
        }

        TooManyRequests.Describe(context.Response, standing, world.Now);
    }

    /// <summary>
    /// 10,000 of 401, 403 or 429 in 10 minutes make Cloudflare ban the address (docs: Rate Limits, Invalid Request Limit).
    /// </summary>
    private void CountInvalid()
    {
        if (!world.Limits.Take("invalid", "", 10_000, TimeSpan.FromMinutes(10)).Fits)
        {
            throw new TooManyRequests(TimeSpan.FromMinutes(10), "global", null);
        }
    }

    private static string Major(HttpContext context, ApiRoute route) =>
        route.Limit.Major is { } name ? context.Request.RouteValues[name]?.ToString() ?? "" : "";

    /// <summary>An opaque name that stays the same for the route (FNV-1a).</summary>
    private static string Bucket(ApiRoute route) =>
        Encoding
            .UTF8.GetBytes(route.Method + route.Template)
            .Aggregate(14_695_981_039_346_656_037UL, (hash, octet) => unchecked((hash ^ octet) * 1_099_511_628_211UL))
            .ToString("x16");

    private async Task WriteAsync(HttpContext context, ApiReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers.Date = world.Now.ToString("R");
        response.Headers.Via = "1.1 sandbox";
        lock (world.Gate)
        {
            if (world.Faults.TakeRest("rest-lost", context.Request.Method, context.Request.Path) is not null)
            {
                context.Abort();
                return;
            }
        }

        if (reply.Body is null)
        {
            return;
        }

        response.ContentType = "application/json";
        var bytes = Encoding.UTF8.GetBytes(reply.Body.Print());
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>docs: Reference, User Agent: <c>DiscordBot ($url, $versionNumber)</c>, more may follow.</summary>
    [GeneratedRegex(@"^DiscordBot \([^(),]+, ?[^(),]+\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BotAgent();
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>The routes below /page-api: what the page, and tests in a human's place, may do.</summary>
internal sealed class PageEndpoints(DiscordWorld world)
{
    private const int MaxBody = 256 * 1024;

    private readonly HumanActions _human = new(world);

    private readonly FaultOrders _faults = new(world);

    public void Map(IEndpointRouteBuilder app, CancellationToken stopping)
    {
        Get(app, "world", _ => PageView.World(world));
        Get(app, "messages", Messages);
        Get(app, "traffic", context => world.Traffic.After(long.TryParse(context.Request.Query["after"], out var after) ? after : 0));
        Get(app, "faults", _ => new JsonObject { ["faults"] = world.Faults.Json() });
        Post(app, "command", request => Sent(_human.Command(request)));
        Post(app, "press", request => Sent(_human.Press(request)));
        Post(app, "modal", request => Sent(_human.Submit(request)));
        Post(app, "say", request => new JsonObject { ["message"] = _human.Say(request).Id.ToString() });
        Post(
            app,
            "faults",
            request =>
            {
                _faults.Take(request);
                return new JsonObject { ["ok"] = true };
            }
        );
        app.MapDelete(
            "/page-api/faults",
            context =>
                AnswerAsync(
                    context,
                    () =>
                    {
                        _faults.Clear();
                        return new JsonObject { ["ok"] = true };
                    }
                )
        );
        app.MapPost("/page-api/autocomplete", AutocompleteAsync);
        app.MapGet("/page-api/events", context => EventsAsync(context, stopping));
    }

    private static JsonObject Sent(Interaction interaction) => new() { ["interaction"] = interaction.Id.ToString() };

    private static async Task<JsonObject> ReadAsync(HttpContext context)
    {
        var buffer = new byte[MaxBody + 1];
        var length = 0;
        int read;
        while (length < buffer.Length && (read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted)) > 0)
        {
            length += read;
        }

        return length <= MaxBody && JsonReading.TryParse(buffer.AsSpan(0, length), out _) is JsonObject body
            ? body
            : throw new PageError(400, "Send one JSON object of at most 256 KiB.");
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonNode json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json.Print(), context.RequestAborted);
    }

    private void Get(IEndpointRouteBuilder app, string path, Func<HttpContext, JsonNode> answer) =>
        app.MapGet("/page-api/" + path, context => AnswerAsync(context, () => answer(context)));

    private void Post(IEndpointRouteBuilder app, string path, Func<JsonObject, JsonNode> answer) =>
        app.MapPost(
            "/page-api/" + path,
            async context =>
            {
                try
                {
                    var request = await ReadAsync(context);
                    await AnswerAsync(context, () => answer(request));
                }
                catch (PageError error)
                {
                    await WriteAsync(context, error.Status, error.Json());
                }
            }
        );

    /// <summary>Runs under the world's gate.</summary>
    private Task AnswerAsync(HttpContext context, Func<JsonNode> answer)
    {
        var status = StatusCodes.Status200OK;
        JsonNode json;
        try
        {
            lock (world.Gate)
            {
                world.Origin = $"http://{context.Request.Host}";
                json = answer();
            }
        }
        catch (PageError error)
        {
            (status, json) = (error.Status, error.Json());
        }
        catch (Rest.ApiError error)
        {
            (status, json) = (StatusCodes.Status400BadRequest, new JsonObject { ["error"] = error.Message });
        }

        return WriteAsync(context, status, json);
    }

    private JsonArray Messages(HttpContext context)
    {
        var user = _human.User(JsonReading.Id(context.Request.Query["user"].ToString()));
        var channel = _human.Channel(JsonReading.Id(context.Request.Query["channel"].ToString()), user);
        return
        [
            .. channel
                .Messages.Where(message => message.SeenBy(user.Id))
                .TakeLast(100)
                .Select(message => (JsonNode)PageView.Of(world, message)),
        ];
    }

    private async Task AutocompleteAsync(HttpContext context)
    {
        try
        {
            var request = await ReadAsync(context);
            Interaction interaction;
            lock (world.Gate)
            {
                interaction = _human.Autocomplete(request);
            }

            var choices = await interaction.Choices.Task.WaitAsync(context.RequestAborted);
            await WriteAsync(context, 200, new JsonObject { ["choices"] = choices ?? [], ["failed"] = choices is null });
        }
        catch (PageError error)
        {
            await WriteAsync(context, error.Status, error.Json());
        }
    }

    private async Task EventsAsync(HttpContext context, CancellationToken stopping)
    {
        if (Person.Find(JsonReading.Id(context.Request.Query["user"].ToString())) is not { } user)
        {
            await WriteAsync(context, 404, new PageError(404, "No such user.").Json());
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var listener = world.Feed.Listen(user.Id);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.Response.WriteAsync(": connected\n\n", ends.Token);
            await context.Response.Body.FlushAsync(ends.Token);
            await foreach (var next in listener.Events.Reader.ReadAllAsync(ends.Token))
            {
                await context.Response.WriteAsync(next, ends.Token);
                await context.Response.Body.FlushAsync(ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the sandbox is ending.
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Control;

namespace Scyllactl.Tests.Support;

/// <summary>A control endpoint on a real Unix socket that answers what a test told it, and remembers what it was asked.</summary>
internal sealed class FakeBot : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);
    private readonly string _folder = Directory.CreateTempSubdirectory("ctl").FullName;
    private WebApplication? _app;

    public string Socket => Path.Combine(_folder, ControlRoutes.SocketName);

    /// <summary>Method, path with query, body; in order.</summary>
    public ConcurrentQueue<(string Method, string Url, string Body, string? RequestId, string? LastEventId)> Asked { get; } = new();

    public static async Task<FakeBot> StartAsync()
    {
        var bot = new FakeBot();
        await bot.StartAgainAsync();
        return bot;
    }

    public async Task StartAgainAsync()
    {
        File.Delete(Socket);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        foreach (var route in ControlRoutes.All)
        {
            app.MapMethods(route.Pattern, [route.Method], context => AnswerAsync(route, context));
        }

        await app.StartAsync();
        _app = app;
    }

    /// <summary>Every connection breaks; the socket stays as a dead file, as after a kill.</summary>
    public async Task DieAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.DisposeAsync();
        }
    }

    public FakeBot Answers<T>(ControlRoute route, T answer) =>
        Does(route, context => context.Response.WriteAsJsonAsync(answer, ControlJson.Answers));

    public FakeBot Refuses(ControlRoute route, string type, string detail, params string[] errors) => Does(route, context =>
    {
        var problem = Problems.Of(type, detail) with { Errors = [.. errors] };
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, ControlJson.Answers, Problem.MediaType);
    });

    /// <summary>Sends these events to whoever watches, then what <paramref name="after"/> does; the connection ends with it.</summary>
    public FakeBot Streams(IEnumerable<string> events, Func<HttpContext, Task>? after = null) => Does(ControlRoutes.Watch, async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var one in events)
        {
            await context.Response.WriteAsync(one);
        }

        await context.Response.Body.FlushAsync();
        await (after?.Invoke(context) ?? Task.CompletedTask);
    });

    public FakeBot Does(ControlRoute route, Func<HttpContext, Task> answer)
    {
        _answers[route.Name] = answer;
        return this;
    }

    public static string Event<T>(string kind, WatchCursor id, T data) =>
        $"id: {id}\nevent: {kind}\ndata: {JsonSerializer.Serialize(data, ControlJson.Answers)}\n\n";

    public async ValueTask DisposeAsync()
    {
        await DieAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswerAsync(ControlRoute route, HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        Asked.Enqueue((context.Request.Method, context.Request.Path + context.Request.QueryString, body, context.Request.Headers[ControlRoutes.RequestId], context.Request.Headers["Last-Event-ID"]));
        if (_answers.TryGetValue(route.Name, out var answer))
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = 404;
        await context.Response.WriteAsJsonAsync(Problems.Of(Problems.NotFound, $"nobody told the fake bot about {route.Name}"), ControlJson.Answers, Problem.MediaType);
    }
}

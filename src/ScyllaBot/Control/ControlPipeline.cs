using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Control;

/// <summary>What every route goes through: who asks, may they, what do they ask, was it asked before; then the verb, the record and the answer.</summary>
internal sealed partial class ControlPipeline(ControlListen listen, ControlRecord record, Repeats repeats, CardChannel cards, ILogger<ControlPipeline> logger)
{
    private const string UserKey = "control-user";
    private static readonly Person Unknown = new("unknown", "unknown");
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(2);

    /// <summary>Before any route: nobody gets anywhere unknown. Every failure becomes a problem here.</summary>
    public async Task EnterAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<AnyCaller>() is null)
            {
                await AdmitAsync(context);
            }

            await next(context);
        }
        catch (ProblemException refused) when (!context.Response.HasStarted)
        {
            await ControlAnswers.WriteAsync(context.Response, refused.Problem, CancellationToken.None);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            var kind = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problems.TooLarge : Problems.BadRequest;
            await ControlAnswers.WriteAsync(context.Response, Problems.Of(kind, kind == Problems.TooLarge ? $"A request has at most {ControlEndpoint.MostBytes} bytes." : bad.Message), CancellationToken.None);
        }
        catch (Exception failed) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var id = context.TraceIdentifier;
            LogFailed(failed, id, context.Request.Method, context.Request.Path);
            await ControlAnswers.WriteAsync(context.Response, Problems.Of(Problems.Failed, $"It is in the bot's log as {id}; ask for the job's state to see what really happened.")
                with { Instance = id }, CancellationToken.None);
        }
    }

    /// <summary>One request to one route.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Of the table.</param>
    /// <param name="verb">What it does: an answer or a <see cref="Problem"/>.</param>
    public async Task RunAsync(HttpContext context, ControlRoute route, ControlVerb verb)
    {
        var user = UserOf(context);
        var isPost = route.Method == HttpMethods.Post;
        var request = isPost ? RequestId(context) : context.TraceIdentifier;
        var by = listen.Users.ActorOf(user, cards.Name, $"{user}/{request}");
        if (!by.May(VerbRights.Of(route.Name)))
        {
            throw await RefusedAsync(by, Said(context, ""), $"{route.Name} needs the {Word(VerbRights.Of(route.Name))} right; {user} has {Word(by.Rights)}. {HowToGrant(user)}");
        }

        var (text, body) = isPost ? await BodyAsync(context, route) : ("", null);
        var said = Said(context, text);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(isPost ? CancellationToken.None : context.RequestAborted);
        limit.CancelAfter(WorkLimit);
        var call = new ControlCall(by, context, body);
        if (!isPost)
        {
            await ControlAnswers.WriteAsync(context.Response, await verb(call, limit.Token), context.RequestAborted);
            return;
        }

        // Whoever hangs up has asked all the same: it is done to its end, and the next request with that id hears of it.
        if (!repeats.Once(by.InteractionId, said, () => DoAsync(call, said, verb, limit.Token), out var once))
        {
            throw new ProblemException(Problems.Of(Problems.BadRequest, $"This {ControlRoutes.RequestId} was used for another request; take a new one for each."));
        }

        await ControlAnswers.WriteAsync(context.Response, await once, CancellationToken.None);
    }

    public Actor ActorOf(HttpContext context) => listen.Users.ActorOf(UserOf(context), cards.Name, context.TraceIdentifier);

    private static string UserOf(HttpContext context) => (string)context.Items[UserKey]!;

    private async Task AdmitAsync(HttpContext context)
    {
        if (ControlCaller.UserOf(context, listen) is not { } user)
        {
            await record.RefusedAsync(new Actor(Unknown, Rights.None, [], ControlRecord.Channel, context.TraceIdentifier), Said(context, ""), "nobody knows who asks");
            throw new ProblemException(Problems.Of(Problems.Unauthenticated, "Send Authorization: Bearer with a token of ScyllaBot:Control:TokenFile, or use the Unix socket."));
        }

        context.Items[UserKey] = user;
        var by = ActorOf(context);
        if (by.Rights == Rights.None)
        {
            throw await RefusedAsync(by, Said(context, ""), $"{user} has no right here. {HowToGrant(user)}");
        }
    }

    private async Task<object> DoAsync(ControlCall call, string said, ControlVerb verb, CancellationToken ct)
    {
        object answer;
        try
        {
            answer = await verb(call, ct);
        }
        catch (ProblemException refused)
        {
            answer = refused.Problem;
        }
        catch
        {
            await record.WriteAsync(call.By, said, $"failed: {call.Context.TraceIdentifier}");
            throw;
        }

        await record.WriteAsync(call.By, said, answer switch
        {
            Problem problem => $"refused: {string.Join("; ", problem.Errors.IsEmpty ? [problem.Detail] : problem.Errors)}",
            VerbAnswer done => $"done: {done.Message}",
            PlanView plan => $"planned {plan.Hash[..Math.Min(12, plan.Hash.Length)]}",
            _ => "shown",
        });
        return answer;
    }

    private async Task<ProblemException> RefusedAsync(Actor by, string said, string why)
    {
        await record.RefusedAsync(by, said, why);
        return new ProblemException(Problems.Of(Problems.Forbidden, why));
    }

    private static string Said(HttpContext context, string body) => $"{context.Request.Method} {context.Request.Path} {body}".TrimEnd();

    private static string RequestId(HttpContext context) => context.Request.Headers[ControlRoutes.RequestId] is [var text] && Guid.TryParse(text, out var id)
        ? id.ToString("D")
        : throw new ProblemException(Problems.Of(Problems.BadRequest, $"Send a header {ControlRoutes.RequestId} with a GUID of your own, a new one for each request: the same one twice does it once."));

    private static async Task<(string Text, object? Body)> BodyAsync(HttpContext context, ControlRoute route)
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (await context.Request.Body.ReadAsync(bytes.GetMemory(4096), context.RequestAborted) is var read and > 0)
        {
            bytes.Advance(read);
        }

        var text = Encoding.UTF8.GetString(bytes.WrittenSpan).Trim();
        if (route.Body is null)
        {
            return text is "" or "{}" ? ("", null) : throw new ProblemException(Problems.Of(Problems.BadRequest, $"{route.Name} takes no body."));
        }

        if (text.Length > 0 && !context.Request.HasJsonContentType())
        {
            throw new ProblemException(Problems.Of(Problems.BadRequest, "Send the body as Content-Type: application/json."));
        }

        try
        {
            var body = JsonSerializer.Deserialize(text.Length == 0 ? "{}" : text, route.Body, ControlJson.Strict);
            return (text, body ?? throw new ProblemException(Problems.Of(Problems.BadRequest, "The body is null.")));
        }
        catch (JsonException wrong)
        {
            throw new ProblemException(Problems.Of(Problems.BadRequest, $"The body is not what {route.Name} takes: {wrong.Message}"));
        }
    }

    private static string Word(Rights rights) => rights.ToString().ToLowerInvariant();

    private static string HowToGrant(string user) => $"Whoever runs the bot can grant more: ScyllaBot:Control:Users:{user}, a list of read, operate and approve.";

    [LoggerMessage(Level = LogLevel.Error, Message = "Control request {Id} ({Method} {Path}) failed")]
    private partial void LogFailed(Exception why, string id, string method, string path);
}

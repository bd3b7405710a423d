using System.Net;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>What becomes of one call.</summary>
public enum Loss
{
    None,

    /// <summary>It never reached the node.</summary>
    Before,

    /// <summary>It had its effect; the answer was lost.</summary>
    After,

    /// <summary>The host dies right before it.</summary>
    Dies,

    /// <summary>The host dies right after it was sent; it has its effect.</summary>
    DiesAfter,

    /// <summary>It has its effect, and no answer comes for as long as anybody waits.</summary>
    Hangs,

    /// <summary>It has its effect; whoever asked gives up when the call's own time is over.</summary>
    TimesOut,
}

/// <param name="Node">Its name.</param>
/// <param name="What">Verb and path, or the words of the command.</param>
/// <param name="Changes">It may change the node.</param>
/// <param name="Step">Which step asks, as <c>job/path/attempt</c>; null for a reading command.</param>
internal sealed record Call(string Node, string What, bool Changes, string? Step = null)
{
    /// <summary>The decoded query of an HTTP call, without the question mark.</summary>
    public string Query { get; init; } = "";

    public bool IsHttp => What.Contains(" /", StringComparison.Ordinal) && char.IsAsciiLetterUpper(What[0]);
}

/// <summary>The simulated cluster behind the engine's ports, in this process and on this thread.</summary>
internal sealed class WorldPorts(SandboxWorld world, SimulatedTime time) : IHttpExchange, ICommandChannel
{
    private readonly NodeRest _rest = new(world);
    private readonly Dictionary<string, CommandChannel> _channels =
        world.Nodes.ToDictionary(n => n.Id.Name, n => new CommandChannel(n), StringComparer.Ordinal);

    /// <summary>Asked once for every call.</summary>
    public Func<Call, Loss> Fate { get; set; } = _ => Loss.None;

    /// <summary>Told of every call before it is made.</summary>
    public Action<Call> Saw { get; set; } = _ => { };

    /// <summary>Told of every command before it is sent.</summary>
    public Action<RemoteCommand> SawCommand { get; set; } = _ => { };

    /// <summary>A call took the host with it.</summary>
    public bool HasDied { get; private set; }

    public void Revive() => HasDied = IsHanging = false;

    /// <summary>A call hangs now, see <see cref="Loss.Hangs"/>.</summary>
    public bool IsHanging { get; private set; }

    /// <summary>What stands outside, where workflows send requests to.</summary>
    public OutsideServer Outside { get; } = new();

    /// <summary>Receipts that the nodes were told to forget.</summary>
    public List<string> Released { get; } = [];

    /// <summary>Told of every release before it is made; may throw.</summary>
    public Action<string> Releasing { get; set; } = _ => { };

    /// <summary>What a node answers instead, or a command prints.</summary>
    public Func<Call, string, string> Rewrite { get; set; } = (_, body) => body;

    /// <summary>What is asked of a node instead.</summary>
    public Func<HttpCall, HttpCall> Alter { get; set; } = call => call;

    /// <summary>The status that a node answers instead.</summary>
    public Func<Call, int, int> Restate { get; set; } = (_, status) => status;

    /// <summary>As .NET's own client does with a connection that breaks: a GET without content is sent again, unless it must go once.</summary>
    public bool RepeatsGets { get; set; }

    /// <summary>What <c>!probe</c> and <c>!take-down</c> do.</summary>
    public Func<string, ClusterContext, CancellationToken, Task> ProbeAsync { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>What <c>!holds</c> says.</summary>
    public Func<string, ClusterContext, string?> WhyNot { get; set; } = (_, _) => null;

    /// <summary>What <c>!near-baseline</c> reads.</summary>
    public Func<string, NodeContext, double> Measure { get; set; } = (_, _) => 0;

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (call.Uri.Host.StartsWith("services.", StringComparison.Ordinal))
        {
            return await ServiceAsync(call, ct);
        }

        if (call.Uri.Host == OutsideServer.Host)
        {
            return await OutsideAsync(call, ct);
        }

        call = Alter(call);
        var node = world.Nodes.First(n => n.Id.Address == call.Uri.Host);
        var what = new Call(node.Id.Name, $"{call.Method} {call.Uri.AbsolutePath}", call.Method != "GET", StepOf(call)) { Query = TextOf(call) };
        var loss = await FateOf(what);
        if (loss == Loss.DiesAfter)
        {
            _ = AnswerAsync(node, call, CancellationToken.None);
            await DieAsync();
        }

        if (loss == Loss.Hangs)
        {
            _ = AnswerAsync(node, call, CancellationToken.None);
            await HangAsync(ct);
        }

        if (loss == Loss.TimesOut)
        {
            _ = AnswerAsync(node, call, CancellationToken.None);
            await Task.Delay(call.Timeout, time, ct);
            throw new ExchangeException(ExchangeFailure.TimedOut, $"simulated: no answer within {call.Timeout.TotalSeconds:0} s");
        }

        var answer = call.Uri.Port == EngineBed.MetricsPort ? MetricsOf(node) : await AnswerAsync(node, call, ct);
        Judge(call, answer);
        if (answer.Status == 0)
        {
            throw new ExchangeException(
                node.Phase < StartPhase.RestListening ? ExchangeFailure.NotConnected : ExchangeFailure.NoAnswer, "the connection was reset");
        }

        if (loss == Loss.After && RepeatsGets && call is { Method: "GET", Once: false })
        {
            return await SendAsync(call, ct);
        }

        return loss == Loss.After
            ? throw new ExchangeException(ExchangeFailure.NoAnswer, "simulated: the answer was lost")
            : new HttpAnswer(Restate(what, answer.Status), [], Encoding.UTF8.GetBytes(Rewrite(what, answer.Body)));
    }

    public async Task<Core.Ports.CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (NodeProgramList.WhyNot(command) is { } refused)
        {
            throw new RefusedException(refused);
        }

        SawCommand(command);
        var what = new Call(node.Name, string.Join(' ', command.Argv), command.Receipt is not null, command.Step);
        var loss = await FateOf(what);
        var start = world.Agenda.Run(() =>
            _channels[node.Name].Start(new CommandCall(command.Argv, command.Receipt, command.Epoch, command.Step, command.Stdin.IsEmpty ? null : Encoding.UTF8.GetString(command.Stdin.Span))));
        if (start.Unreachable)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, "simulated: the machine is down");
        }

        if (start.Lost)
        {
            throw new CommandLostException("simulated: it was begun before the last boot and never ended");
        }

        if (start.Result is not { } running)
        {
            throw new FencedException("the node has seen a newer lease");
        }

        if (loss == Loss.DiesAfter)
        {
            await DieAsync();
        }

        if (loss == Loss.Hangs)
        {
            await HangAsync(ct);
        }

        if (loss == Loss.After)
        {
            throw new ExchangeException(ExchangeFailure.NoAnswer, "simulated: the connection broke");
        }

        var result = await WithinAsync(running, command.Timeout, ct);
        if (ReferenceEquals(result, Sandbox.Clusters.CommandResult.Gone))
        {
            throw new ExchangeException(ExchangeFailure.NoAnswer, "simulated: the machine went down");
        }

        return new Core.Ports.CommandResult(result.Exit, Rewrite(what, result.Output));
    }

    public Task ReleaseAsync(Node node, string receipt, CancellationToken ct)
    {
        Releasing(receipt);
        Released.Add(receipt);
        world.Agenda.Run(() => _channels[node.Name].Release(receipt));
        return Task.CompletedTask;
    }

    private async Task<Loss> FateOf(Call call)
    {
        Saw(call);
        var loss = Fate(call);
        if (loss == Loss.Dies)
        {
            await DieAsync();
        }

        return loss == Loss.Before ? throw new ExchangeException(ExchangeFailure.NotConnected, "simulated: no connection") : loss;
    }

    /// <summary>Every call and every answer of every simulated run is held to Scylla's own description, where that is at hand.</summary>
    private static void Judge(HttpCall call, RestAnswer answer)
    {
        if (call.Uri.Port != EngineBed.MetricsPort && ScyllaSwagger.Instance is { } swagger)
        {
            var path = WebUtility.UrlDecode(call.Uri.AbsolutePath);
            var wrong = swagger.WhyNotCall(call.Method, path, QueryOf(call).Select(q => q.Key))
                ?? swagger.WhyNotValues(call.Method, path, QueryOf(call))
                ?? (answer.Status == 200 ? swagger.WhyNotAnswer(call.Method, path, answer.Body) : null);
            if (wrong is not null)
            {
                throw new InvalidOperationException($"not Scylla's API: {wrong}");
            }
        }
    }

    /// <summary>Nothing of the host runs any more: whoever drives the bed sees it and starts another one.</summary>
    private Task DieAsync()
    {
        HasDied = true;
        return new TaskCompletionSource().Task;
    }

    private async Task HangAsync(CancellationToken ct)
    {
        IsHanging = true;
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = ct.Register(() => end.TrySetCanceled(ct));
        await end.Task;
    }

    private async Task<HttpAnswer> OutsideAsync(HttpCall call, CancellationToken ct)
    {
        var loss = await FateOf(new Call(call.Uri.Host, $"{call.Method} {call.Uri.AbsolutePath}", call.Method != "GET", StepOf(call)));
        var answer = Outside.Answer(call);
        switch (loss)
        {
            case Loss.DiesAfter:
                await DieAsync();
                break;
            case Loss.Hangs:
                await HangAsync(ct);
                break;
            default:
                break;
        }

        return loss == Loss.After ? throw new ExchangeException(ExchangeFailure.NoAnswer, "simulated: the answer was lost") : answer;
    }

    private static string? StepOf(HttpCall call) => call.Headers.FirstOrDefault(h => h.Key == "X-ScyllaBot-Step").Value;

    /// <summary><c>http://services.CLUSTER/KIND/…</c>: what stands beside the nodes.</summary>
    private async Task<HttpAnswer> ServiceAsync(HttpCall call, CancellationToken ct)
    {
        var segments = call.Uri.AbsolutePath.TrimStart('/').Split('/', 2);
        var service = world.Cluster(call.Uri.Host["services.".Length..])!.Services.Single(s => s.Kind == segments[0]);
        var what = new Call(service.Kind, $"{call.Method} {call.Uri.AbsolutePath}", call.Method != "GET", StepOf(call)) { Query = TextOf(call) };
        var loss = await FateOf(what);
        var asked = new ServiceCall(
            call.Method, "/" + (segments.Length > 1 ? WebUtility.UrlDecode(segments[1]) : ""), QueryOf(call),
            call.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase), Encoding.UTF8.GetString(call.Body.Span));
        var answering = world.Agenda.Run(() => service.AnswerAsync(asked));
        if (loss == Loss.DiesAfter)
        {
            await DieAsync();
        }

        if (loss == Loss.Hangs)
        {
            await HangAsync(ct);
        }

        var answer = await WithinAsync(answering, call.Timeout, ct);
        return answer.Status == 0 || loss == Loss.After
            ? throw new ExchangeException(ExchangeFailure.NoAnswer, "simulated: the answer was lost")
            : new HttpAnswer(
                answer.Status, [KeyValuePair.Create("Content-Type", answer.ContentType), .. answer.Headers], Encoding.UTF8.GetBytes(Rewrite(what, answer.Body)));
    }

    private static string TextOf(HttpCall call) => WebUtility.UrlDecode(call.Uri.Query.TrimStart('?'));

    private static KeyValuePair<string, string>[] QueryOf(HttpCall call) =>
        [.. call.Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), pair.Length > 1 ? WebUtility.UrlDecode(pair[1]) : ""))];

    private RestAnswer MetricsOf(SimNode node) =>
        world.Agenda.Run(() => MetricsText.Of(node)) is { } text ? new RestAnswer(200, text) : RestAnswer.Reset;

    private Task<RestAnswer> AnswerAsync(SimNode node, HttpCall call, CancellationToken ct)
    {
        var query = QueryOf(call).ToDictionary(StringComparer.Ordinal);
        return WithinAsync(_rest.AnswerAsync(node, call.Method, call.Uri.AbsolutePath, query, StepOf(call)), call.Timeout, ct);
    }

    // Task.WaitAsync would resume over the thread pool.
    private async Task<T> WithinAsync<T>(Task<T> work, TimeSpan patience, CancellationToken ct)
    {
        if (!work.IsCompleted)
        {
            var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var timer = time.CreateTimer(_ => end.TrySetResult(false), null, patience, Timeout.InfiniteTimeSpan);
            await using var cancelled = ct.Register(() => end.TrySetCanceled(ct));
            _ = TellAsync(work, end);
            if (!await end.Task)
            {
                throw new ExchangeException(ExchangeFailure.TimedOut, $"no answer within {patience.TotalSeconds:0} s");
            }
        }

        return await work;
    }

    private static async Task TellAsync(Task work, TaskCompletionSource<bool> end)
    {
        await work;
        end.TrySetResult(true);
    }
}

using System.Collections.Immutable;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Scylla;

/// <summary>One node of a healthy cluster to try a task on; a test sets what the nodes say and what commands answer.</summary>
internal sealed class NodeBench : IHttpExchange, ICommandChannel, IAnnounce, IFanOut, ILogSink
{
    private static readonly DateTimeOffset Now = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);
    private static readonly FixedTime Time = new();
    private readonly Dictionary<(string Node, string Path), string> _said = [];

    /// <summary>Null body: the node can not be reached.</summary>
    public string? Metrics { get; set; } = "";

    public Dictionary<string, CommandResult> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>What a command answers the first time, where that differs.</summary>
    public Dictionary<string, CommandResult> FirstAnswers { get; } = new(StringComparer.Ordinal);

    public List<string> Ran { get; } = [];

    public List<RemoteCommand> Commands { get; } = [];

    public List<string> Log { get; } = [];

    public List<string> Announced { get; } = [];

    public ImmutableSortedSet<string> Held { get; set; } = [];

    public static Cluster Cluster => TestClusters.Messages;

    public Node Subject { get; init; } = Cluster.Nodes[0];

    /// <summary>What a node answers to one path from now on; "404" = it does not know the path.</summary>
    public NodeBench Says(Node node, string path, string json)
    {
        _said[(node.Name, path)] = json;
        return this;
    }

    /// <summary>From now on one node sees another one down.</summary>
    public NodeBench SeesDown(Node witness, Node node) => Says(witness, "gossiper/endpoint/live", Addresses(n => n != node))
        .Says(witness, "gossiper/endpoint/down", Addresses(n => n == node));

    public NodeContext Context() => new(
        new ClusterContext
        {
            Cluster = Cluster,
            Stamp = new StepStamp("01JOB", "1.2", 1, 7),
            Held = () => Held,
            Watch = new ClusterWatch(Cluster, this, Time),
            Http = this,
            Commands = this,
            Announce = this,
            FanOut = this,
            Judgement = Core.Jobs.Judgement.Sound,
            Log = Lines(),
            Time = Time,
            Wait = new ConditionWait(Time, Now, new StepKey("1.2", Subject.Name), Lines(), (_, _) => { }),
        },
        Subject);

    public Task RunAsync(ITask<NodeContext> task) => task.ExecuteAsync(Context(), CancellationToken.None);

    public Task<string?> WhyNotAsync(ICondition<NodeContext> condition) => condition.WhyNotAsync(Context(), CancellationToken.None);

    Task<HttpAnswer> IHttpExchange.SendAsync(HttpCall call, CancellationToken ct)
    {
        var node = Cluster.Nodes.Single(n => n.Api.Port == call.Uri.Port || n.Metrics.Port == call.Uri.Port);
        var path = call.Uri.AbsolutePath.TrimStart('/');
        var body = path == "metrics" ? Metrics : _said.GetValueOrDefault((node.Name, path)) ?? Healthy(path);
        return body is null
            ? Task.FromException<HttpAnswer>(new ExchangeException(ExchangeFailure.NotConnected, "connection refused"))
            : Task.FromResult(new HttpAnswer(body == "404" ? 404 : 200, [], Encoding.UTF8.GetBytes(body)));
    }

    Task<CommandResult> ICommandChannel.RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct)
    {
        var argv = string.Join(' ', command.Argv);
        Ran.Add(argv);
        Commands.Add(command);
        return Task.FromResult(FirstAnswers.Remove(argv, out var first) ? first : Answers.GetValueOrDefault(argv) ?? new CommandResult(127, "no such command in this test"));
    }

    Task ICommandChannel.ReleaseAsync(Node node, string receipt, CancellationToken ct) => Task.CompletedTask;

    Task IAnnounce.SayAsync(IReadOnlyList<string> channels, string message, CancellationToken ct)
    {
        Announced.Add($"{string.Join(',', channels)}: {message}");
        return Task.CompletedTask;
    }

    Task IFanOut.RunAsync(NodeWorkflow workflow, CancellationToken ct) => throw new NotSupportedException();

    void ILogSink.Write(LogLine line) => Log.Add(line.Text);

    private StepLog Lines() => new(this, Time, "01JOB", "1.2", Subject.Name);

    private static string HostId(Node node) => $"{{\"key\":\"{node.Address}\",\"value\":\"{node.HostId}\"}}";

    private static string Addresses(Func<Node, bool> which) =>
        $"[{string.Join(',', Cluster.Nodes.Where(which).Select(n => $"\"{n.Address}\""))}]";

    private static string Healthy(string path) => path switch
    {
        "storage_service/operation_mode" => "\"NORMAL\"",
        "storage_service/native_transport" => "true",
        "storage_service/generation_number" => "1769624000",
        "gossiper/endpoint/live" => Addresses(_ => true),
        "storage_service/host_id" => $"[{string.Join(',', Cluster.Nodes.Select(HostId))}]",
        _ => "[]",
    };

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

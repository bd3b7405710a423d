using System.Collections.Immutable;
using System.Text.Json;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;
using ScyllaBot.Sandbox.Oracle;

namespace ScyllaBot.Sandbox.Tests;

/// <summary>Both clusters on a manual clock, without sockets: REST in, answers out.</summary>
internal sealed class TestBed : IDisposable
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    private readonly NodeRest _rest;
    private readonly Dictionary<SimNode, CommandChannel> _channels = [];

    public TestBed(long seed = 1, Func<Dice, ImmutableArray<ClusterPlan>>? plans = null)
    {
        Time = new ManualTime(Epoch);
        World = new SandboxWorld(Time, seed, plans ?? (dice => [ClusterPlan.MessagesStaging(dice), ClusterPlan.SearchStaging(dice)]));
        Oracle = World.Agenda.Run(() => new QuorumOracle(World));
        _rest = new NodeRest(World);
    }

    public ManualTime Time { get; }

    public SandboxWorld World { get; }

    public QuorumOracle Oracle { get; }

    public SimCluster Messages => World.Clusters[0];

    public SimCluster Search => World.Clusters[1];

    /// <summary>The n-th node of a rack of messages-stg, from 1.</summary>
    public SimNode Node(string rack, int n) => World.Node($"scylla-messages-stg-us-east1-{rack}-{n}")!;

    public IEnumerable<SimNode> Rack(string rack) => Messages.Nodes.Where(node => node.Id.Rack == rack);

    public double Elapsed() => (Time.GetUtcNow() - Epoch).TotalSeconds;

    public Task<RestAnswer> CallAsync(SimNode node, string verb, string pathAndQuery, string? step = null)
    {
        var parts = pathAndQuery.Split('?');
        var pairs = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=', 2));
        var query = pairs.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return _rest.AnswerAsync(node, verb, parts[0], query, step);
    }

    /// <summary>An answer that must be there at once.</summary>
    public RestAnswer Get(SimNode node, string pathAndQuery)
    {
        var answer = CallAsync(node, "GET", pathAndQuery);
        Assert.True(answer.IsCompletedSuccessfully, $"GET {pathAndQuery} waits");
        return answer.Result;
    }

    public T Read<T>(SimNode node, string pathAndQuery)
    {
        var answer = Get(node, pathAndQuery);
        Assert.Equal(200, answer.Status);
        return JsonSerializer.Deserialize<T>(answer.Body)!;
    }

    public string? Mode(SimNode node) =>
        Get(node, "/storage_service/operation_mode") is { Status: 200 } answer ? answer.Body.Trim('"') : null;

    public bool SeesDown(SimNode observer, SimNode subject) =>
        Read<string[]>(observer, "/gossiper/endpoint/down").Contains(subject.Id.Address);

    public CommandChannel Channel(SimNode node)
    {
        if (!_channels.TryGetValue(node, out var channel))
        {
            _channels.Add(node, channel = new CommandChannel(node));
        }

        return channel;
    }

    public CommandStart Exec(SimNode node, string command, string? receipt = null, long? epoch = null) =>
        World.Agenda.Run(() => Channel(node).Start(new CommandCall([.. command.Split(' ')], receipt, epoch, Step: null, Stdin: null)));

    /// <summary>Runs a command to its end, moving the clock a tenth of a second at a time; fails after an hour of virtual time.</summary>
    public CommandResult Run(SimNode node, string command)
    {
        var running = Exec(node, command).Result!;
        Until(() => running.IsCompleted, atMost: 3600);
        return running.Result;
    }

    /// <summary>Moves the clock until the condition holds and returns the seconds it took.</summary>
    public double Until(Func<bool> condition, double atMost = 120)
    {
        var from = Elapsed();
        while (!condition())
        {
            Assert.True(Elapsed() - from < atMost, $"not within {atMost} virtual seconds");
            Time.Advance(0.05);
        }

        return Elapsed() - from;
    }

    public void Arm(FaultKind kind, SimNode node, double seconds = 60, int count = 1) =>
        World.Agenda.Run(() => World.Arm(kind, node.Cluster, node.Id.Name, count, TimeSpan.FromSeconds(seconds)));

    public Verdict Verdict() => World.Agenda.Run(() => Oracle.Verdict()!);

    public Effect[] Effects() => World.Agenda.Run(() => Oracle.Effects(null).ToArray());

    public void Dispose() => World.Dispose();
}

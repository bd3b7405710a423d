using System.Net;
using Microsoft.AspNetCore.Builder;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>
/// A process that is one node of a cluster: its start is Scylla's start, its end Scylla's end. It runs its own node for real and knows the
/// others by their heartbeats only.
/// </summary>
internal sealed class PeerHost : IWorldObserver, IAsyncDisposable
{
    private readonly PeerOptions _options;
    private readonly ScyllaConfig _config;
    private readonly Journal _journal;
    private readonly NodeFiles _files;
    private readonly SandboxWorld _world;
    private readonly HttpPeerWire _wire;
    private readonly PeerWatch _watch;
    private readonly NodePorts _ports;
    private readonly WebApplication _internode;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (ProcessState, StartPhase, OperationMode?) _seen;

    private PeerHost(PeerOptions options, ScyllaConfig config, Journal journal)
    {
        (_options, _config, _journal) = (options, config, journal);
        _files = new NodeFiles(options.State);
        _world = new SandboxWorld(TimeProvider.System, options.Seed, dice => [ClusterPlan.Of(options.Cluster, options.Members, dice)], options.Pace);
        Node = _world.Node(options.Name)!;
        _wire = new HttpPeerWire(options.Where ?? Usual);
        _watch = _world.Agenda.Run(Begin);
        _ports = new NodePorts(_world, Where, First);
        _internode = InternodePort.Build(options.Internode ?? new IPEndPoint(IPAddress.Parse(Node.Id.Address), HttpPeerWire.Port), Node, _watch);
    }

    public SimNode Node { get; }

    /// <summary>Of its REST API; known once started.</summary>
    public Uri Rest => new(_ports.Of(Node, metrics: false).Url);

    /// <summary>Of its internode port; known once started.</summary>
    public Uri Internode => new(_internode.Urls.First());

    /// <summary>The exit code, when the process has come to its end.</summary>
    public Task<int> Ended => _exit.Task;

    /// <returns>The host, or null when the configuration stops the start: then the journal says why and the process exits with 1.</returns>
    public static PeerHost? Build(PeerOptions options, TextWriter output)
    {
        var journal = new Journal(output);
        var (config, lines) = ScyllaConfig.Start(File.ReadAllText(options.Config));
        foreach (var line in lines)
        {
            journal.Say("config", line);
        }

        return config is null ? null : new PeerHost(options, config, journal);
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await _ports.StartAsync(ct);
        await _internode.StartAsync(ct);
        _world.Agenda.Run(() =>
        {
            // Told to end before it began.
            if (!_exit.Task.IsCompleted)
            {
                Node.StartProcess();
                _world.Record(Node, "start", Cause.Nobody);
            }
        });
    }

    /// <summary>SIGTERM; the first one counts.</summary>
    public void Terminate() => _world.Agenda.Run(() =>
    {
        if (Node.Process is ProcessState.Starting or ProcessState.Running)
        {
            _journal.Say("init", "Signal received; shutting down");
            Systemd.Notify("STOPPING=1");
            _world.Record(Node, "stop", Cause.Nobody);
            Node.Terminate();
        }
        else if (Node.Process == ProcessState.Stopped)
        {
            _exit.TrySetResult(0);
        }
    });

    /// <summary>SIGHUP.</summary>
    public void Reload() => _world.Agenda.Run(() =>
    {
        _files.Count(_world.Agenda.Now, "sighup");
        foreach (var line in _config.Reload(File.ReadAllText(_options.Config)))
        {
            _journal.Say("init", line);
        }
    });

    public void NodeChanged(SimNode node)
    {
        var now = (node.Process, node.Phase, node.Mode);
        if (node != Node || now == _seen)
        {
            return;
        }

        var before = _seen.Item1;
        _seen = now;
        _journal.Reached(node, _options.Version, $"{_config["api_address"]}:{_config["api_port"]}");
        if (node.Process == ProcessState.Running && before == ProcessState.Starting)
        {
            // Tables are loaded; the join and CQL are still to come (facts/scylla.md 5.4).
            _journal.Say("init", "serving");
            Systemd.Notify("READY=1");
        }
        else if (node.Process == ProcessState.Stopped)
        {
            _journal.Say("init", $"Scylla version {_options.Version} shutdown complete.");
            _exit.TrySetResult(0);
        }
    }

    public void EffectRecorded(Effect effect)
    {
        // The files count them.
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // A bed's faults are real ones.
    }

    public async ValueTask DisposeAsync()
    {
        await _internode.DisposeAsync();
        await _ports.DisposeAsync();
        _wire.Dispose();
        _world.Dispose();
    }

    private PeerWatch Begin()
    {
        foreach (var other in Node.Cluster.Nodes.Where(other => other != Node))
        {
            // While it still counts as found serving, for a node that hears nothing has no opinions.
            Node.Cluster.Gossip.Set(Node, other, up: false);
            other.BeginAbsent(generation: 0, isCommitLogClean: true);
        }

        var (generation, clean) = _files.Read();
        Node.BeginAbsent(generation, clean);
        Node.Cluster.Raft.IsFixed = true;
        _files.Follow(Node, _world);
        _world.Watch(this);
        return new PeerWatch(Node, _world, _wire, _options.Silence);
    }

    private Uri Usual(string peer) => new($"http://{_world.Node(peer)!.Id.Address}:{HttpPeerWire.Port}");

    private IPEndPoint? Where(SimNode node, bool metrics)
    {
        if (node != Node)
        {
            return null;
        }

        var (address, port) = metrics ? (_config["prometheus_address"], _config["prometheus_port"]) : (_config["api_address"], _config["api_port"]);
        return new IPEndPoint(IPAddress.Parse(address is "" or "localhost" ? Node.Id.Address : address), int.Parse(port));
    }

    /// <summary>What one process knows better than the simulation, and what it can not simulate alone.</summary>
    private RestAnswer? First(SimNode node, string verb, string path) => (verb, path.Trim('/').Split('/')) switch
    {
        ("GET", ["v2", "config", var name]) when node.Phase >= StartPhase.RestListening => _config.Json(name) is { } json
            ? new RestAnswer(200, json)
            : RestAnswer.Error(400, $"No such config entry: {name}"),
        ("GET", ["storage_service", "scylla_release_version"]) when node.Phase >= StartPhase.Joining => RestAnswer.Json(_options.Version),
        ("POST", ["storage_service", "decommission" or "remove_node" or "exclude_node" or "rebuild" or "move" or "tablets", ..]) =>
            RestAnswer.RuntimeError("a cluster of processes does not simulate changes of its topology"),
        _ => null,
    };
}

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A node's place in the ring: member, spare, on its way in or out (facts/scylla.md 5.1, 5.2).</summary>
internal sealed partial class SimNode
{
    private int _wipes;

    public RingState Ring { get; set; }

    /// <summary>In `system.topology` and not left: joining and dead nodes too.</summary>
    public bool IsMember => Ring is not (RingState.None or RingState.Left);

    /// <summary>Natural replicas lie here; a joining node only has pending ones.</summary>
    public bool OwnsTokens => Ring is RingState.Normal or RingState.Decommissioning or RingState.Removing or RingState.Rebuilding;

    /// <summary>Removed, replaced, ignored in a removal, or failed while joining: this host id is never let in again.</summary>
    public bool IsBanned { get; set; }

    /// <summary>`exclude_node`: topology work need not wait for it.</summary>
    public bool IsExcluded { get; set; }

    /// <summary>It serves as a ring of one, which nobody else knows of, though the cluster has one.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Its tablets move away for a decommission; nothing but this shows it.</summary>
    public bool IsDraining { get; set; }

    public CleanupStatus Cleanup { get; set; }

    /// <summary>MB/s; 0 = unlimited. A restart reads the configuration again.</summary>
    public int CompactionThroughput { get; set; }

    /// <summary>As above.</summary>
    public int StreamThroughput { get; set; }

    /// <summary>Takes replicated writes, which is all a pending replica has to do.</summary>
    public bool TakesWrites => Process == ProcessState.Running && Gossiping && Mode is >= OperationMode.Joining and <= OperationMode.Leaving;

    /// <summary>Where its disks were emptied after it left, whoever starts now is a new node.</summary>
    private void BeginAnew()
    {
        if (Ring != RingState.Left || Machine.Files.Names("/var/lib/scylla/data").Any())
        {
            return;
        }

        Ring = RingState.None;
        IsBanned = IsExcluded = false;
        Id = Id with { HostId = Dice.Uuid($"{Id.Name}/host-id/{++_wipes}") };
    }

    /// <summary>The coordinator took the join: in `host_id` of all, live, streaming.</summary>
    public void Bootstrap(RingState state)
    {
        (Ring, Mode, _joined) = (state, OperationMode.Bootstrap, true);
        Cluster.MembersChanged();
        Cluster.Gossip.Returned(this, lag: null);
        Changed();
    }

    /// <summary>The join is over: NORMAL, then CQL.</summary>
    public void JoinedRing()
    {
        Ring = RingState.Normal;
        Become(OperationMode.Normal);
        Then(Dice.Between(Key("cql"), 0.5, 2), OpenCql);
    }

    /// <summary>The old owner's tokens become its own.</summary>
    public void TakeTokensOf(SimNode old) => Id = Id with { Tokens = old.Id.Tokens };

    /// <summary>`Decommission failed`, `Startup failed`: the process of a join that was refused ends.</summary>
    public void JoinRefused()
    {
        (Ring, IsBanned) = (RingState.Left, true);
        Cluster.MembersChanged();
        if (Process is ProcessState.Starting or ProcessState.Running)
        {
            Exit(ExitKind.StartFailed);
        }
    }

    /// <summary>A decommission has begun; it holds the node's one lock (1.4).</summary>
    public string? TryLock(string operation)
    {
        if (_lock is { } running)
        {
            return running;
        }

        _lock = operation;
        return null;
    }

    public void Unlock() => _lock = null;

    /// <summary>Streaming (not repair-based) operations show as LEAVING.</summary>
    public void ShowLeaving(bool on)
    {
        if (Mode is OperationMode.Normal or OperationMode.Leaving)
        {
            Mode = on ? OperationMode.Leaving : OperationMode.Normal;
            Changed();
        }
    }

    /// <summary>Out of the ring. A live process goes on as DECOMMISSIONED and will not rejoin.</summary>
    public void LeftRing()
    {
        (Ring, IsBanned, IsDraining) = (RingState.Left, true, false);
        if (Process == ProcessState.Running && Mode is not null)
        {
            Mode = OperationMode.Decommissioned;
            Gossiping = Cql = _joined = false;
            Unlock();
        }

        Cluster.MembersChanged();
        Changed();
    }

    /// <summary>JOINING of a process that is no member: it asks to become one, or ends where it never can (facts 4.6, 5.1).</summary>
    private void AskToJoin()
    {
        if (Ring == RingState.None && !IsBanned && Cluster.Nodes.Length == 0)
        {
            Found();
        }
        else if (Ring == RingState.None && !IsBanned && NamesOnlyItself())
        {
            // Nobody else is asked: a ring of its own under the same name (facts/scylla.md 7.18).
            Machine.Files.Filled();
            (IsAlone, _joined) = (true, true);
            Cluster.Record(this, "found-alone", Cause.Nobody);
            Become(OperationMode.Normal);
            Then(Dice.Between(Key("cql"), 0.5, 2), OpenCql);
        }
        else if (Ring == RingState.None && !IsBanned)
        {
            TakeRack();
            var configured = SimYaml.Read(Machine.Files.Find(MachineFiles.ScyllaYaml)?.Content ?? "").Values;
            var replaces = (configured ?? []).FirstOrDefault(pair => pair.Key is "replace_node_first_boot").Value;
            Machine.Files.Filled();
            Cluster.Topology.Join(this, Guid.TryParse(replaces, out var host) ? host : null);
        }
        else
        {
            // "This node was decommissioned and will not rejoin the ring unless all existing data is removed", or a ban.
            Exit(ExitKind.StartFailed);
        }
    }

    private bool NamesOnlyItself() => Machine.Files.Find(MachineFiles.ScyllaYaml)?.Content.Contains($"seeds: \"{Id.Address}\"", StringComparison.Ordinal) == true;

    /// <summary>Where it is, the ring learns at the first start, and never again (facts/scylla.md 7.20).</summary>
    private void TakeRack()
    {
        var lines = (Machine.Files.Find(MachineFiles.RackFile)?.Content ?? "").Split('\n').Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Id = Id with { Dc = lines["dc"].LastOrDefault() ?? Id.Dc, Rack = lines["rack"].LastOrDefault() ?? Id.Rack };
    }

    /// <summary>There is no ring yet: whoever names itself as a seed begins one, anybody else finds nobody (facts/scylla.md 4.12).</summary>
    private void Found()
    {
        var seeds = Machine.Files.Find(MachineFiles.ScyllaYaml)?.Content ?? "";
        if (!seeds.Contains($"seeds: \"{Id.Address}", StringComparison.Ordinal))
        {
            Exit(ExitKind.StartFailed);
            return;
        }

        Machine.Files.Filled();
        Cluster.Record(this, "found", Cause.Nobody);
        Ring = RingState.Normal;
        Cluster.FoundedBy(this);
        JoinedRing();
    }

    /// <summary>Its machine is destroyed, or not made yet: it is in no ring, and whoever is made anew under its name is a new node.</summary>
    public void Vanish()
    {
        (Ring, IsBanned, IsDraining) = (RingState.Left, true, false);
        Cluster.MemberVanished();
        if (Process is not (ProcessState.Stopped or ProcessState.Dead))
        {
            Exit(ExitKind.Clean);
        }

        Unit.NeverStarted();
        Machine.Vanish();
        Changed();
    }

    /// <summary>A machine with Scylla installed that has never been started.</summary>
    private void BeginAsSpare()
    {
        Process = ProcessState.Stopped;
        Phase = StartPhase.Refused;
        Since = Now;
        Unit.NeverStarted();
    }
}

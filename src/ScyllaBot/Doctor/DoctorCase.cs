using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.Doctor;

/// <summary>What checks look at. What could not be had is null: the check that reads it says why, and the others go on without.</summary>
internal sealed record DoctorCase
{
    public required IConfiguration Configuration { get; init; }

    /// <summary>Why files of the configuration could not be read; they are left out of it.</summary>
    public ImmutableArray<string> Unreadable { get; init; } = [];

    /// <summary>Defaults stand where they can not be read.</summary>
    public required HostSettings Settings { get; init; }

    /// <summary>Of the database.</summary>
    public required string State { get; init; }

    /// <summary>Folder of the workflows.</summary>
    public required string Workflows { get; init; }

    public WorkflowLibrary? Library { get; init; }

    public Inventory? Inventory { get; init; }

    /// <summary>With the token; null where there is none to ask with.</summary>
    public DiscordOptions? Discord { get; init; }

    public required IHttpExchange Http { get; init; }

    public required ICommandChannel Commands { get; init; }

    /// <summary>Null where all nodes are simulated.</summary>
    public NodeInspection? NodeSide { get; init; }

    /// <summary>The clock of nodes; the sandbox's is faster than ours.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The bot itself asks: it has the database open, and what it runs with is in force already.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Simulated clusters and an emulated Discord.</summary>
    public bool IsSandbox { get; init; }
}

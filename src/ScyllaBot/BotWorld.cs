using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Sandbox;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot;

/// <summary>Where a bot's clusters, its chat and its database are: simulated or real. Everything else is the same program.</summary>
internal sealed record BotWorld
{
    public required InventoryBook Inventory { get; init; }

    /// <summary>Engine time.</summary>
    public required TimeProvider Time { get; init; }

    public required IHttpExchange Http { get; init; }

    public required ICommandChannel Commands { get; init; }

    /// <summary>Looks at the node's half; null where all nodes are simulated.</summary>
    public NodeInspection? NodeSide { get; init; }

    /// <summary>Folder of the database.</summary>
    public required string State { get; init; }

    public required bool IsSandbox { get; init; }

    /// <summary>Adds Discord, and what keeps this world up to date.</summary>
    public required Action<IServiceCollection> AddServices { get; init; }

    /// <summary>Null for a real one.</summary>
    public SandboxAddress? Sandbox { get; init; }

    /// <summary>Let go after the host, the last one first.</summary>
    public IReadOnlyList<IAsyncDisposable> Owned { get; init; } = [];
}

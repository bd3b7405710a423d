namespace ScyllaBot.Core.Tasks;

/// <summary>A task that streams a node's data to or from others: several at once only where a workflow says <c>allow_parallel_data_movement: true</c>.</summary>
public interface IMovesData;

/// <summary>A task that lasts as long as there is data and has no patience of its own: its step needs <c>timeout_seconds</c>.</summary>
public interface ILasts;

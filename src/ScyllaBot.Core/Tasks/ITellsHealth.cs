namespace ScyllaBot.Core.Tasks;

/// <summary>
/// A condition that may end a node's being held: it says that the node serves, by its own word or by everyone's. A step that takes a node down must be
/// followed by a wait for one on every path.
/// </summary>
public interface ITellsHealth;

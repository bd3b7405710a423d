using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Control;

public sealed record WorkflowLine(string Name, string Description, ImmutableArray<Variable> Variables);

public sealed record WorkflowList(ImmutableArray<WorkflowLine> Workflows);

/// <param name="Text">The file as it was read.</param>
public sealed record WorkflowView(string Name, string Description, ImmutableArray<Variable> Variables, string Text);

public sealed record TaskLine(string Tag, string Title, bool NeedsNode, Direction Direction, Risk Risk);

public sealed record TaskList(ImmutableArray<TaskLine> Tasks);

/// <param name="Before">Titles of what must hold before each attempt.</param>
/// <param name="Example">Its inputs in a workflow; empty when no input is needed.</param>
public sealed record TaskView(
    string Tag, string Title, bool NeedsNode, Direction Direction, Risk Risk, Interruptible Interruptible, ImmutableArray<string> Before,
    ImmutableArray<TaskInput> Inputs, string Example);

/// <param name="Default">As a workflow would spell it; null where it is required.</param>
public sealed record TaskInput(string Name, string Description, bool Required, string? Default, ImmutableArray<string> Choices);

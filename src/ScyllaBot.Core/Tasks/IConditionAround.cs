namespace ScyllaBot.Core.Tasks;

/// <summary>A condition that asks another one.</summary>
internal interface IConditionAround
{
    ITagged Inner { get; }

    /// <summary>The one that really looks at something.</summary>
    static ITagged Innermost(ITagged condition) => condition is IConditionAround around ? Innermost(around.Inner) : condition;
}

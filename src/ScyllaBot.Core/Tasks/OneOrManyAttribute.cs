namespace ScyllaBot.Core.Tasks;

/// <summary>A list that may be written as its only item: <c>nodes: ring</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrManyAttribute : Attribute;

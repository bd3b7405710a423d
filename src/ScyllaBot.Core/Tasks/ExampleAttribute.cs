namespace ScyllaBot.Core.Tasks;

/// <summary>How a workflow writes it: the lines below the tag, without their indentation; empty where no input is needed. Docs print it and a test binds it.</summary>
/// <param name="yaml">Such as <c>service: scylla-server</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExampleAttribute(string yaml) : Attribute
{
    public string Yaml => yaml;
}

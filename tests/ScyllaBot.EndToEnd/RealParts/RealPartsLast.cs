using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ScyllaBot.EndToEnd.RealParts.RealPartsLast", "ScyllaBot.EndToEnd")]

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>Nine real hosts want the whole machine: they come when the others, which run beside each other, are done.</summary>
public sealed class RealPartsLast : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName == "real parts").ThenBy(c => c.DisplayName, StringComparer.Ordinal);
}

using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ScyllaBot.EndToEnd.RealParts.RealPartsFirst", "ScyllaBot.EndToEnd")]

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>The longest collection begins first: the others run beside it, and not before it.</summary>
public sealed class RealPartsFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName == "real parts" ? 0 : 1).ThenBy(c => c.DisplayName, StringComparer.Ordinal);
}

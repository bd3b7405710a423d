using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ScyllaBot.EndToEnd.RealParts.RealPartsFirst", "ScyllaBot.EndToEnd")]

namespace ScyllaBot.EndToEnd.RealParts;

/// <summary>
/// Nine real hosts are one collection, so their tests come one after another, and they mostly wait: for boots, for windows, for each other. They begin at
/// once, and everything else has the rest of the machine beside them.
/// </summary>
public sealed class RealPartsFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName != "real parts").ThenBy(c => c.DisplayName, StringComparer.Ordinal);
}

using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clusters;

/// <summary>
/// What an attempt has begun under receipts and where, and what of it nobody knows the end of. As long as there is any, the next attempt goes
/// under the same names (R12): it attaches or takes what the node kept, and begins only what never began.
/// </summary>
/// <param name="inherited">What an earlier attempt left unsettled.</param>
public sealed class ReceiptBook(ImmutableArray<string> inherited) : IEnumerable<(Node Node, string Receipt)>
{
    private const string NoAnswer = "an answer";

    private readonly List<(Node Node, string Receipt)> _receipts = [];
    private readonly SortedSet<string> _unsettled = new(inherited.Where(name => name != NoAnswer), StringComparer.Ordinal);

    public ReceiptBook() : this([])
    {
    }

    /// <summary>To be released once the step's success is committed.</summary>
    public void Add(Node node, string receipt) => _receipts.Add((node, receipt));

    /// <summary>It is sent now.</summary>
    /// <returns>False when its end was unknown before.</returns>
    public bool Open(string receipt) => _unsettled.Add(receipt);

    /// <summary>Its end is known, or that it never began, or somebody is called because it can never be known.</summary>
    public void Settle(string receipt) => _unsettled.Remove(receipt);

    /// <summary>The node has moved on by itself: what is still open does not matter any more.</summary>
    public void SettleAll() => _unsettled.Clear();

    /// <summary>What a failed attempt leaves; null when all is known. Without an answer even what was not asked under a receipt is not known.</summary>
    public ImmutableArray<string>? UnsettledAfter(Exception failure)
    {
        var isUnanswered = failure.InnerException is ExchangeException;
        return _unsettled.Count > 0 || isUnanswered ? [.. _unsettled, .. isUnanswered ? (string[])[NoAnswer] : []] : null;
    }

    public IEnumerator<(Node Node, string Receipt)> GetEnumerator() => _receipts.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

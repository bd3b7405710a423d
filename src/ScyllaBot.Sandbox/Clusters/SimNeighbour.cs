namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One HTTP request to a service beside the nodes.</summary>
/// <param name="Path">Below the service's own root, beginning with a slash.</param>
/// <param name="Query">Decoded pairs in order; a name may come several times.</param>
internal sealed record ServiceCall(
    string Verb, string Path, IReadOnlyList<KeyValuePair<string, string>> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Ask(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>Its answer. Status 0: the connection is reset instead.</summary>
internal sealed record ServiceAnswer(int Status, string Body, string ContentType = "application/json")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// A simulated service of one cluster: Prometheus, Alertmanager, Scylla Manager, salt-api. Reached over HTTP below
/// `/sandbox/services/{cluster}/{kind}/`. Called inside the agenda; an answer that takes time completes later.
/// </summary>
internal interface ISimNeighbour
{
    /// <summary>Last part of its address: `prometheus`, `alertmanager`, `manager`, `salt`, `mirror`.</summary>
    string Kind { get; }

    Task<ServiceAnswer> AnswerAsync(ServiceCall call);
}

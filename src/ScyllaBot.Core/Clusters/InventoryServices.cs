using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clusters;

internal sealed record SshEntry
{
    [Description("An ssh_config instead of the user's own; absolute"), RegularExpression("/[^\\x00-\\x1f]{0,1000}")]
    public string? Config { get; init; }

    [Description("Who logs in; as ssh_config says when it is not given"), RegularExpression("[a-z_][a-z0-9_.-]{0,63}")]
    public string? User { get; init; }

    /// <value>Default true.</value>
    [Description("The node helper is installed; false: sudo /bin/sh runs the same script")]
    public bool Helper { get; init; } = true;

    /// <value>Default 8; sshd allows 10 unless told otherwise.</value>
    [Description("Most sessions over one connection at once"), Range(1, 100)]
    public int MaxSessions { get; init; } = 8;

    public SshOptions ToOptions() => new(Config, User, Helper, MaxSessions);
}

internal sealed record AgentEntry
{
    [Description("Its port"), Range(1, 65_535)]
    public int Port { get; init; } = 10001;

    [Description("Its bearer token")]
    public SecretRef? Token { get; init; }

    [Description("Certificate authority that signed it, as a file; absolute"), RegularExpression("/[^\\x00-\\x1f]{0,1000}")]
    public string? Authority { get; init; }

    public AgentOptions ToOptions() => new(Port, Token, Authority);
}

internal sealed record PolicyEntry
{
    /// <value>Default local_quorum, local_serial.</value>
    [Description("Levels that must stay possible"), MinLength(1)]
    public IReadOnlyList<ConsistencyLevel>? Levels { get; init; }

    [Description("Keyspaces with levels of their own")]
    public IReadOnlyDictionary<string, IReadOnlyList<ConsistencyLevel>>? Overrides { get; init; }

    [Description("Datacenters that no client uses")]
    public IReadOnlyList<string>? NotServing { get; init; }

    public AvailabilityPolicy ToPolicy() => new()
    {
        Levels = Levels is null ? AvailabilityPolicy.Default.Levels : [.. Levels],
        Overrides = (Overrides ?? new SortedDictionary<string, IReadOnlyList<ConsistencyLevel>>(StringComparer.Ordinal))
            .ToImmutableSortedDictionary(o => o.Key, o => o.Value.ToImmutableArray(), StringComparer.Ordinal),
        NotServing = (NotServing ?? []).ToImmutableSortedSet(StringComparer.Ordinal),
    };
}

internal sealed record ServiceEntry
{
    [Description("Base address")]
    public required Uri Url { get; init; }

    [Description("Sent with each request; a word such as env:NAME stands for that secret")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("Label matchers that pick this cluster, such as cluster=\"messages\""), RegularExpression("[^{}\\x00-\\x1f]{0,300}")]
    public string Matcher { get; init; } = "";

    public ServiceEndpoint ToEndpoint()
    {
        var secrets = ImmutableArray.CreateBuilder<SecretRef>();
        var headers = (Headers ?? new SortedDictionary<string, string>(StringComparer.Ordinal)).ToImmutableSortedDictionary(
            h => h.Key, h => string.Join(' ', h.Value.Split(' ').Select(word => Kept(word, secrets))), StringComparer.OrdinalIgnoreCase);
        return new ServiceEndpoint(Folder(Url), headers, secrets.ToImmutable(), Matcher);
    }

    /// <summary>What is said below it is appended, so it ends with a slash.</summary>
    internal static Uri Folder(Uri url) => url.AbsoluteUri.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");

    private static string Kept(string word, ImmutableArray<SecretRef>.Builder secrets)
    {
        if (SecretRef.TryParse(word) is not { } secret)
        {
            return word;
        }

        secrets.Add(secret);
        return secret.Placeholder;
    }
}

internal sealed record ManagerEntry
{
    [Description("Its API, such as http://127.0.0.1:5080/api/v1")]
    public required Uri Url { get; init; }

    [Description("Its name or id of this cluster; the cluster's name when it is not given")]
    public string? Cluster { get; init; }
}

internal sealed record SaltEntry
{
    [Description("salt-api's address")]
    public required Uri Url { get; init; }

    [Description("Who logs in")]
    public required string Username { get; init; }

    [Description("Their password")]
    public required SecretRef Password { get; init; }

    [Description("How salt-api checks it"), RegularExpression("[a-z_]{1,40}")]
    public string Eauth { get; init; } = "pam";
}

internal sealed record AnsibleEntry
{
    [Description("Host that runs it; what ssh is asked for"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}")]
    public required string Runner { get; init; }

    [Description("Folder there with playbooks and inventory; absolute"), RegularExpression("/[A-Za-z0-9_./-]{0,500}")]
    public required string Directory { get; init; }

    [Description("Ansible's own inventory, in that folder"), RegularExpression("[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}")]
    public string Inventory { get; init; } = "hosts.ini";
}

internal sealed record CqlEntry
{
    [Description("Who logs in"), RegularExpression("[A-Za-z0-9_.-]{1,100}")]
    public required string Username { get; init; }

    [Description("Their password")]
    public required SecretRef Password { get; init; }
}

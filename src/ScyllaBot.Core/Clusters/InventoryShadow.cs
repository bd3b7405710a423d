namespace ScyllaBot.Core.Clusters;

internal sealed record ProvisionerEntry
{
    [Description("Host that runs it; what ssh is asked for"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}")]
    public required string Runner { get; init; }

    [Description("The executable there; absolute, and listed in the runner's own /etc/scyllabot/provisioners"), RegularExpression("(/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*){1,20}")]
    public required string Program { get; init; }

    [Description("Handed to it as they are, such as a machine type; never secrets, which it keeps on the runner")]
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    [Description("Simulated command channel; the sandbox only")]
    public Uri? Commands { get; init; }

    public ProvisionerProgram ToProgram() => new(Runner, Program, NodeEntry.LabelsOf(Settings), Commands);
}

internal sealed record DataServiceEntry
{
    [Description("Base address; https, unless it is on this machine")]
    public required Uri Url { get; init; }

    [Description("Sent with each request, such as Authorization; a word such as env:NAME stands for that secret")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public ServiceEndpoint ToEndpoint() => new ServiceEntry { Url = Url, Headers = Headers }.ToEndpoint();
}

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// The options of the scylla process (facts/scylla.md 1.19, 4.3): read from the file at the start, re-read at a SIGHUP. An unknown key only
/// warns; a value that does not convert is logged and the old one stays; at a SIGHUP an option that is not live stays as it is without a word,
/// and so does one that the API has changed since the start.
/// </summary>
internal sealed class ScyllaConfig(SimNode node, MachineFiles files, Journal journal)
{
    private static readonly TimeSpan _rereading = TimeSpan.FromSeconds(0.4);

    private readonly SortedDictionary<string, (string Json, string Source)> _values = new(StringComparer.Ordinal);
    private Pending? _reread;

    /// <summary>The value as JSON; null: there is no such option.</summary>
    public string? Value(string name) => ConfigOption.Find(name) is not { } option ? null : _values.TryGetValue(name, out var value) ? value.Json : option.Default;

    /// <summary>`system.config.source`: default, config or api.</summary>
    public string Source(string name) => _values.TryGetValue(name, out var value) ? value.Source : "default";

    /// <summary>A call of the REST API changed it: from now on SIGHUPs skip it, until the next start.</summary>
    public void SetByApi(string name, string json) => _values[name] = (json, "api");

    /// <summary>At the start of the process.</summary>
    /// <returns>Why it can not start; null when it can.</returns>
    public string? Load()
    {
        _values.Clear();
        return Read(starting: true);
    }

    /// <summary>The process ended, and with it what only it knew.</summary>
    public void ProcessEnded() => _reread?.Cancel();

    /// <summary>SIGHUP. The journal tells how it went, a moment later.</summary>
    public void Reread(Cause cause)
    {
        node.Cluster.Record(node, "sighup", cause);
        _reread = node.Cluster.Agenda.After(_rereading, () =>
        {
            journal.Scylla("INFO ", "init", "re-reading configuration file");
            if (Read(starting: false) is { } broken)
            {
                journal.Scylla("ERROR", "init", $"failed to re-read configuration file: {broken}");
            }
            else
            {
                journal.Scylla("INFO ", "init", "completed re-reading configuration file");
            }
        });
    }

    private string? Read(bool starting)
    {
        var (read, error) = SimYaml.Read(files.Find(MachineFiles.ScyllaYaml)?.Content ?? "");
        foreach (var (name, text) in read ?? [])
        {
            if (ConfigOption.Find(name) is not { } option)
            {
                journal.Scylla("WARN ", "config", $"Unknown option : {name}");
            }
            else if (starting || (option.Live && Source(name) is "default" or "config"))
            {
                Take(option, text);
            }
        }

        return read is null ? error : null;
    }

    private void Take(ConfigOption option, string text)
    {
        if (option.Convert(text) is { } json)
        {
            _values[option.Name] = (json, "config");
        }
        else
        {
            journal.Scylla("ERROR", "config", $"Could not convert value '{text}' : {option.Name}");
        }
    }
}

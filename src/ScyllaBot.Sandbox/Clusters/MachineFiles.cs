using System.Security.Cryptography;
using System.Text;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One file of a machine. <paramref name="Mode"/> in octal, as `stat -c %a` prints it.</summary>
internal sealed record SimFile(string Content, string Mode)
{
    public string Owner { get; init; } = "root:root";
}

/// <summary>The files of a machine that anybody here looks at. Directories are what their files' paths say, and those made at first.</summary>
internal sealed class MachineFiles
{
    public const string ScyllaYaml = "/etc/scylla/scylla.yaml";
    public const string OsRelease = "/etc/os-release";

    public const string RackFile = "/etc/scylla/cassandra-rackdc.properties";

    private static readonly string[] _programs = ["/usr/bin/apt-get", "/usr/bin/cqlsh", "/usr/bin/scylla"];
    private static readonly string[] _scyllas = ["data", "commitlog", "hints", "view_hints"];
    private readonly SimNode _node;
    private readonly SortedDictionary<string, SimFile> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);

    public MachineFiles(SimNode node)
    {
        _node = node;
        foreach (var program in _programs)
        {
            _files[program] = new SimFile("", "755");
        }

        foreach (var directory in _scyllas)
        {
            _directories.Add($"/var/lib/scylla/{directory}");
        }

        if (node.IsMember)
        {
            Filled();
        }

        _files[ScyllaYaml] = new SimFile(FirstYaml(node), "644");
        _files[RackFile] = new SimFile(FirstRack(node), "644");
        _files["/etc/scylla.d/cpuset.conf"] = new SimFile("CPUSET=\"--cpuset 0-3\"\n", "644");
        _files[OsRelease] = new SimFile(ReleaseText("12"), "644");
        _files["/etc/default/scylla-server"] = new SimFile("SCYLLA_ARGS=\"--log-to-syslog 1 --default-log-level info\"\n", "644");
    }

    /// <summary>What a Debian of that version says it is.</summary>
    public static string ReleaseText(string version) => $"PRETTY_NAME=\"Debian GNU/Linux {version}\"\nVERSION_ID=\"{version}\"\nID=debian\n";

    /// <summary>How full the disk of the data is; a test sets it.</summary>
    public double DiskUsed { get; set; } = 0.41;

    /// <summary>Mount points and what findmnt prints of them; a test may take one away.</summary>
    public SortedDictionary<string, string> Mounts { get; } = new(StringComparer.Ordinal) { ["/var/lib/scylla"] = "xfs    rw,noatime,attr2,inode64" };

    /// <summary>Scylla has run here as a member.</summary>
    public void Filled()
    {
        _files["/var/lib/scylla/data/system/local-7ad54392bcdd35a684174e047860b377/me-1-big-Data.db"] = new SimFile("x", "644");
        _files["/var/lib/scylla/commitlog/CommitLog-4-1.log"] = new SimFile("x", "644");
    }

    public IEnumerable<KeyValuePair<string, SimFile>> All => _files;

    public SimFile? Find(string path) => _files.GetValueOrDefault(path);

    public bool IsDirectory(string path) => _directories.Contains(path) || Below(path).Any();

    /// <summary>Names right below a directory.</summary>
    public IEnumerable<string> Names(string directory) => Below(directory)
        .Concat(_directories.Where(d => d.StartsWith(directory + "/", StringComparison.Ordinal)))
        .Select(path => path[(directory.Length + 1)..].Split('/')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Writes a file; the same content and mode again is no change.</summary>
    public void Write(string path, SimFile file, Cause cause)
    {
        if (!file.Equals(Find(path)))
        {
            _files[path] = file;
            _node.Cluster.Record(_node, $"write {path}", cause);
        }
    }

    /// <summary>As whoever manages the machines wants it to be before its first start; what is there is kept.</summary>
    public void Configure(Cause cause)
    {
        if (Find(ScyllaYaml) is null)
        {
            Write(ScyllaYaml, new SimFile(FirstYaml(_node), "644"), cause);
        }

        if (Find(RackFile) is null)
        {
            Write(RackFile, new SimFile(FirstRack(_node), "644"), cause);
        }
    }

    /// <summary>How somebody else has left a file: no effect of this simulation.</summary>
    public void Find(string path, string content) => _files[path] = new SimFile(content, "644");

    /// <summary>Whatever lies below it is gone; the directory stays.</summary>
    public void Empty(string directory, Cause cause)
    {
        var lost = Below(directory).ToArray();
        if (lost.Length > 0)
        {
            Array.ForEach(lost, path => _files.Remove(path));
            _directories.RemoveWhere(d => d.StartsWith(directory + "/", StringComparison.Ordinal));
            _node.Cluster.Record(_node, $"empty {directory}", cause);
        }
    }

    /// <summary>A machine that has never been in a ring.</summary>
    public void BeginWithoutData() => Array.ForEach([.. Below("/var/lib/scylla")], path => _files.Remove(path));

    public static string Sha256(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private IEnumerable<string> Below(string directory) => _files.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static string FirstRack(SimNode node) => $"dc={node.Id.Dc}\nrack={node.Id.Rack}\n";

    private static string FirstYaml(SimNode node) =>
        $"""
        # Scylla storage config YAML
        cluster_name: '{node.Id.Cluster}'
        num_tokens: {node.Id.Tokens.Length}
        listen_address: {node.Id.Address}
        rpc_address: {node.Id.Address}

        # Where data is stored. The commit log and hints are beside it.
        data_file_directories:
            - /var/lib/scylla/data
        commitlog_directory: /var/lib/scylla/commitlog

        # seed_provider needs a restart
        seed_provider:
            - class_name: org.apache.cassandra.locator.SimpleSeedProvider
              parameters:
                  - seeds: "{node.Cluster.Seeds}"

        # Limits compaction; 0 = unlimited
        # compaction_throughput_mb_per_sec: 0

        api_address: 127.0.0.1
        endpoint_snitch: GossipingPropertyFileSnitch

        """;
}

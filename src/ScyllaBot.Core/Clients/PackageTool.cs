using System.Text.RegularExpressions;

namespace ScyllaBot.Core.Clients;

/// <summary>How one family of package programs spells what is asked of it.</summary>
internal abstract partial record PackageTool
{
    public const string NamePattern = "[A-Za-z0-9][A-Za-z0-9+._-]*";
    public const string VersionPattern = "[A-Za-z0-9][A-Za-z0-9+.~:^_-]*";

    public abstract ImmutableArray<string> Refresh { get; }

    public abstract ImmutableArray<string> Install(IEnumerable<(string Name, string Version)> wanted, bool downgrade);

    public abstract ImmutableArray<string> Hold(IEnumerable<string> names, bool on);

    public abstract ImmutableArray<string> AskInstalled(IEnumerable<string> names);

    public abstract ImmutableArray<string> AskHeld { get; }

    public abstract IEnumerable<string> ReadHeld(string output);

    /// <summary>Whether an installed version is the wanted one, as this family spells versions.</summary>
    public abstract bool Is(string installed, string wanted);

    /// <summary>Lines <c>name version</c>; for Debian <c>name installed version</c>. Whatever else is printed is no installed package.</summary>
    public abstract ImmutableSortedDictionary<string, string> ReadInstalled(string output);

    /// <summary>Debian's, and what comes from it.</summary>
    public sealed record Apt : PackageTool
    {
        // Of its environment, DEBIAN_FRONTEND=noninteractive and NEEDRESTART_SUSPEND=1 (or needrestart would restart services), the node's end takes care.
        private static readonly ImmutableArray<string> Quietly = ["apt-get", "-y", "-q"];

        public override ImmutableArray<string> Refresh => [.. Quietly, "update"];

        public override ImmutableArray<string> AskHeld => ["apt-mark", "showhold"];

        public override ImmutableArray<string> Install(IEnumerable<(string Name, string Version)> wanted, bool downgrade) =>
        [
            .. Quietly, "-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=300", .. downgrade ? (string[])["--allow-downgrades"] : [],
            "install", .. wanted.Select(p => $"{p.Name}={p.Version}"),
        ];

        public override ImmutableArray<string> Hold(IEnumerable<string> names, bool on) => ["apt-mark", on ? "hold" : "unhold", .. names];

        public override ImmutableArray<string> AskInstalled(IEnumerable<string> names) =>
            ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status} ${Version}\\n", .. names];

        public override IEnumerable<string> ReadHeld(string output) => LinesOf(output).Select(line => line.Split(':')[0]);

        public override bool Is(string installed, string wanted) => installed == wanted;

        public override ImmutableSortedDictionary<string, string> ReadInstalled(string output) => ToVersions(
            LinesOf(output).Select(line => line.Split(' ')).Where(words => words is [_, "installed", _]).Select(words => (words[0], words[2])));
    }

    /// <summary>dnf's, and yum's, which takes the same words. Holding needs its versionlock plugin.</summary>
    public sealed partial record Rpm(string Program) : PackageTool
    {
        public override ImmutableArray<string> Refresh => [Program, "-q", "makecache"];

        public override ImmutableArray<string> AskHeld => [Program, "-q", "versionlock", "list"];

        public override ImmutableArray<string> Install(IEnumerable<(string Name, string Version)> wanted, bool downgrade) =>
            [Program, "-y", "-q", downgrade ? "downgrade" : "install", .. wanted.Select(p => $"{p.Name}-{p.Version}")];

        public override ImmutableArray<string> Hold(IEnumerable<string> names, bool on) => [Program, "-q", "versionlock", on ? "add" : "delete", .. names];

        public override ImmutableArray<string> AskInstalled(IEnumerable<string> names) => ["rpm", "-q", "--qf", "%{NAME} %{VERSION}-%{RELEASE}\\n", .. names];

        /// <summary>dnf prints <c>name-0:version-release.*</c>, yum <c>0:name-version-release.*</c>.</summary>
        public override IEnumerable<string> ReadHeld(string output) =>
            LinesOf(output).Select(line => Locked().Match(line)).Where(m => m.Success).Select(m => m.Groups["name"].Value);

        public override bool Is(string installed, string wanted) =>
            installed == wanted || installed.StartsWith(wanted + "-", StringComparison.Ordinal);

        public override ImmutableSortedDictionary<string, string> ReadInstalled(string output) =>
            ToVersions(LinesOf(output).Select(line => line.Split(' ')).Where(words => words.Length == 2).Select(words => (words[0], words[1])));

        [GeneratedRegex(@"^(?:(?<name>[A-Za-z0-9][\w+.-]*?)-\d+:|\d+:(?<name>[A-Za-z0-9][\w+.-]*?)-\d)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
        private static partial Regex Locked();
    }

    private static string[] LinesOf(string output) => output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ImmutableSortedDictionary<string, string> ToVersions(IEnumerable<(string Name, string Version)> found) =>
        found.DistinctBy(p => p.Name, StringComparer.Ordinal).ToImmutableSortedDictionary(p => p.Name, p => p.Version, StringComparer.Ordinal);
}

using System.Security.Cryptography;
using System.Text;

namespace ScyllaBot.Transports.NodeSide;

/// <summary>The node's half, <c>scyllabot-node</c>: its text, and where it is when it is installed.</summary>
/// <param name="Path">On the node.</param>
/// <param name="Text">The script.</param>
internal sealed record NodeProgram(string Path, string Text)
{
    /// <summary>Frames a reading command that runs as the login user (ADR 0015).</summary>
    private const string ReadScript =
        """m=$1 t=$2; shift 2; printf '\n%s begin .\n' "$m"; printf '\n%s begin .\n' "$m" >&2; LC_ALL=C.UTF-8 timeout -k 5 -- "$t" "$@"; c=$?; printf '\n%s exit %s\n' "$m" "$c"; printf '\n%s exit %s\n' "$m" "$c" >&2""";

    public static NodeProgram Own { get; } = new("/usr/local/sbin/scyllabot-node", ReadOwn());

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>Words that run one of its verbs as root.</summary>
    /// <param name="installed">False: the script itself is handed to a root shell, which is full root for the login user.</param>
    /// <param name="mark">Frames its streams.</param>
    /// <param name="verb">Verb and its arguments.</param>
    public IEnumerable<string> AsRoot(bool installed, string mark, params IEnumerable<string> verb) => ["sudo", "-n", .. AsUser(installed, mark, verb)];

    /// <summary>Words that run one of its verbs as the login user.</summary>
    public IEnumerable<string> AsUser(bool installed, string mark, params IEnumerable<string> verb) =>
        [.. installed ? [Path] : new[] { "/bin/bash", "-p", "-c", Text, "scyllabot-node" }, "--mark", mark, .. verb];

    /// <summary>A reading command as the login user; it ends itself soon after <paramref name="patience"/>.</summary>
    public static IEnumerable<string> Read(string mark, TimeSpan patience, IEnumerable<string> argv) =>
        ["/bin/sh", "-c", ReadScript, "sh", mark, Seconds(patience + TimeSpan.FromSeconds(10)), .. argv];

    /// <summary>Whole seconds, at least 1.</summary>
    public static string Seconds(TimeSpan patience) => FormattableString.Invariant($"{Math.Max(1, Math.Ceiling(patience.TotalSeconds)):0}");

    private static string ReadOwn()
    {
        using var stream = typeof(NodeProgram).Assembly.GetManifestResourceStream("scyllabot-node")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

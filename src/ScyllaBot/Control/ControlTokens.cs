using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ScyllaBot.Control;

/// <summary>Tokens of the loopback listener; each names its user. Kept as hashes and compared in constant time.</summary>
internal sealed class ControlTokens
{
    private const int Shortest = 32;
    private const int MostBytes = 64 * 1024;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private readonly ImmutableArray<(string User, byte[] Hash)> _all;

    private ControlTokens(ImmutableArray<(string User, byte[] Hash)> all) => _all = all;

    /// <exception cref="StartRefusedException">The file can not be read, can be read by others, or holds something else.</exception>
    public static ControlTokens Read(string path)
    {
        MisplacedSecret.Refuse("ScyllaBot:Control:TokenFile", path);
        string text;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                throw new StartRefusedException($"The token file {path} can be read by others: chmod 600 {path}.");
            }

            text = BoundedText.Read(path, MostBytes) ?? throw new StartRefusedException($"The token file {path} is too large to be one.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The token file {path} can not be read: {unreadable.Message}");
        }

        return Parse(path, text);
    }

    /// <returns>Whose it is; null when it is nobody's.</returns>
    public string? UserOf(string token)
    {
        var asked = Hash(token);
        string? user = null;
        foreach (var (name, hash) in _all)
        {
            // Every one is compared, whichever fits: the time tells nothing.
            user = CryptographicOperations.FixedTimeEquals(hash, asked) ? name : user;
        }

        return user;
    }

    private static ControlTokens Parse(string path, string text)
    {
        var all = ImmutableArray.CreateBuilder<(string, byte[])>();
        foreach (var (line, i) in text.Split('\n').Select((line, i) => (line.Trim(), i + 1)).Where(l => l.Item1.Length > 0 && !l.Item1.StartsWith('#')))
        {
            all.Add(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var user, { Length: >= Shortest } token]
                ? (user, Hash(token))
                : throw new StartRefusedException($"Line {i} of the token file {path} must be a user and a token of at least {Shortest} characters."));
        }

        return all.Count > 0 ? new ControlTokens(all.ToImmutable()) : throw new StartRefusedException($"The token file {path} holds no line of user and token.");
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

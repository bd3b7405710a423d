using System.Collections.Immutable;
using System.Globalization;

namespace ScyllaBot.Upkeep;

/// <summary>A backup that is there.</summary>
internal sealed record BackupFile(string Path, DateTimeOffset At, long Bytes);

/// <summary>Where backups lie. Their names say when they were made; whatever is called otherwise is not ours and is left alone.</summary>
internal sealed class BackupFolder(string path)
{
    private const string Prefix = "scyllabot-";
    private const string Ending = ".db";
    private const string Part = ".part";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The newest first.</summary>
    public ImmutableArray<BackupFile> Files => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path, $"{Prefix}*{Ending}").Select(file => TimeOf(file, Ending) is { } at ? new BackupFile(file, at, new FileInfo(file).Length) : null)
            .OfType<BackupFile>().OrderByDescending(f => f.At),
    ];

    /// <summary>Makes the folder, for its owner only, and says what a backup of now is called.</summary>
    public string NameOf(DateTimeOffset at)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return System.IO.Path.Combine(Path, Prefix + at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture) + Ending);
    }

    /// <summary>The newest that was made by now: a file of the future is of a clock that was wrong.</summary>
    public BackupFile? NewestBy(DateTimeOffset now) => Files.FirstOrDefault(f => f.At <= now);

    /// <summary>Removes all but the newest, and what a crash left half written. Files of the future go before those whose age is known.</summary>
    public void Prune(int keep, DateTimeOffset now)
    {
        var halves = Directory.EnumerateFiles(Path, $"{Prefix}*{Ending}{Part}").Where(file => TimeOf(file, Ending + Part) is not null);
        foreach (var old in Files.OrderBy(f => f.At > now).Skip(keep).Select(f => f.Path).Concat(halves).ToArray())
        {
            File.Delete(old);
        }
    }

    private static DateTimeOffset? TimeOf(string file, string ending) => System.IO.Path.GetFileName(file) is var name
        && DateTimeOffset.TryParseExact(
            name[Prefix.Length..^Math.Min(ending.Length, name.Length - Prefix.Length)], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}

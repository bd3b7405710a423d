using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Real;

/// <summary>The inventory as a file. A change is taken up while the bot runs; a file with mistakes changes nothing and is told of once.</summary>
internal sealed partial class InventoryFile(string path, InventoryBook book, ILogger<InventoryFile> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int MaxBytes = 1024 * 1024;
    private string _seen = StampOf(path);

    /// <exception cref="StartRefusedException">There is no such file, or it has mistakes: all of them.</exception>
    public static Inventory Read(string path)
    {
        try
        {
            return StartChecks.Inventory(path, TextOf(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The inventory {path} can not be read: {unreadable.Message}");
        }
    }

    /// <summary>Looks once; true when the file had changed.</summary>
    internal bool Look()
    {
        var stamp = StampOf(path);
        if (string.Equals(stamp, _seen, StringComparison.Ordinal))
        {
            return false;
        }

        _seen = stamp;
        try
        {
            var before = book.Current;
            var now = Read(path);
            book.Replace(now);
            LogReplaced(path, Difference(before, now));
        }
        catch (Exception wrong)
        {
            // Whatever is wrong with a file must not end a bot that holds nodes.
            LogWrong(path, wrong.Message);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private static string TextOf(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
        {
            throw new StartRefusedException($"The inventory {path} is longer than {MaxBytes / 1024} KiB.");
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static string StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "";
    }

    private static string Difference(Inventory before, Inventory now)
    {
        string Names(IEnumerable<Cluster> clusters) => string.Join(", ", clusters.Select(c => c.Name).DefaultIfEmpty("none"));
        var changed = now.Clusters.Where(c => before.Find(c.Name) is { } old
            && !(old.Mode == c.Mode && old.Environment == c.Environment && old.Nodes.SequenceEqual(c.Nodes)));
        return $"added: {Names(now.Clusters.Where(c => before.Find(c.Name) is null))}; "
            + $"gone: {Names(before.Clusters.Where(c => now.Find(c.Name) is null))}; changed: {Names(changed)}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Inventory {Path} taken up: {Difference}. Running jobs keep what they began with.")]
    private partial void LogReplaced(string path, string difference);

    [LoggerMessage(Level = LogLevel.Error, Message = "Inventory {Path} was changed and is wrong; the one before stays in force. {Why}")]
    private partial void LogWrong(string path, string why);
}

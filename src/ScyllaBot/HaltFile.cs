using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot;

/// <summary>
/// A file <c>HALT</c> beside the database halts everything, for whoever reaches the machine and not the chat (R20). Its first line is the reason.
/// Taking it away lifts nothing: an approver does that.
/// </summary>
internal sealed partial class HaltFile(string path, JobEngine engine, ILogger<HaltFile> logger) : BackgroundService
{
    public const string Name = "HALT";
    private const int Longest = 200;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly Person Finder = new("halt-file", "the file HALT");

    /// <summary>One look; also before the first job is taken up.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var isThere = File.Exists(path);
        engine.NoteHaltFile(isThere);
        if (isThere && await engine.HaltAllAsync(Finder, Reason(), byFile: true, ct))
        {
            LogHalted(path);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                // The store's own trouble; the file is still there at the next look.
                LogFailed(failed);
            }
        }
    }

    private string Reason()
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[Longest];
            var line = new string(buffer, 0, reader.ReadBlock(buffer)).Split('\n')[0].Trim();
            return string.Concat(line.Where(c => !char.IsControl(c)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Path} is there: everything is halted until an approver lifts it")]
    private partial void LogHalted(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file HALT could not be obeyed yet")]
    private partial void LogFailed(Exception why);
}

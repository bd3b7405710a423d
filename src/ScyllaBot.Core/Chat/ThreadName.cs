using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Chat;

/// <summary>What the thread with a job's log is called. Chats cut long names at the end, where the cluster and the job stand: so the title is what gives way.</summary>
internal static class ThreadName
{
    /// <summary>Discord allows no longer one.</summary>
    public const int Longest = 100;

    private const string Between = " · ";

    public static string Of(string title, string cluster, JobId job)
    {
        var where = $"{Between}{cluster}{Between}{job}".ReplaceLineEndings(" ");
        var room = Longest - where.Length;
        return room > 1 ? Markup.Cut(title.ReplaceLineEndings(" "), room) + where : Markup.Cut($"{job}{Between}{cluster}".ReplaceLineEndings(" "), Longest);
    }
}

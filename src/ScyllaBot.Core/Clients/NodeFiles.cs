using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Text files of a node: read whole or not at all, written at once and durably, with the old one kept beside.</summary>
internal static class NodeFiles
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>What a path may be: absolute, no dots that climb.</summary>
    public const string PathPattern = @"(/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*)+";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="UnrecoverableException">Longer than <see cref="MaxBytes"/>, or no UTF-8 text.</exception>
    public static async Task<string?> ReadAsync(NodeContext node, string path, CancellationToken ct)
    {
        if (await FileAsync(node, path, ct) is not { } file)
        {
            return null;
        }

        if (file.Bytes > MaxBytes)
        {
            throw new UnrecoverableException($"{node.Node.Name}: {path} is longer than {MaxBytes / 1024} KiB");
        }

        var (read, sum) = (await RootReadAsync(node, ["cat", path], ct), await SumAsync(node, path, ct));
        if (read.Exit != 0)
        {
            throw new RecoverableException($"{node.Node.Name}: {path} can not be read: {CommandOutput.Tail(read.Output)}");
        }

        // A command's output may come without the end of its last line.
        return new[] { read.Output, read.Output + "\n" }.FirstOrDefault(text => SumOf(text) == sum)
            ?? throw new UnrecoverableException($"{node.Node.Name}: {path} is no UTF-8 text, or it changes while it is read");
    }

    /// <summary>Writes the file unless it is so already; the file of before goes to <see cref="BackupOf"/>, once for each step.</summary>
    /// <param name="node">Where.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="text">All of it.</param>
    /// <param name="mode">Octal; null = as it is now, 0644 for a new file.</param>
    /// <param name="before">As <see cref="ReadAsync"/> gave it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when there was nothing to do.</returns>
    public static async Task<bool> WriteAsync(NodeContext node, string path, string text, string? mode, string? before, CancellationToken ct)
    {
        var now = before is null ? null : await FileAsync(node, path, ct);
        mode ??= now?.Mode ?? "644";
        if (before == text && now?.Mode == mode.TrimStart('0'))
        {
            node.Log.Write($"{path} is so already");
            return false;
        }

        foreach (var line in Shown(before ?? "", text, mode, now?.Mode))
        {
            node.Log.Write(line);
        }

        var owner = now?.Owner ?? "root:root";
        if (before is not null && await FileAsync(node, BackupOf(node.Stamp, path), ct) is null)
        {
            await PutAsync(node, BackupOf(node.Stamp, path), now?.Mode ?? mode, owner, before, ct);
        }

        await PutAsync(node, path, mode, owner, text, ct);
        node.Log.Write(before is null ? $"{path} is new" : $"{path} is written; the file of before is {BackupOf(node.Stamp, path)}");
        return true;
    }

    /// <summary>The difference; only sums where either file is not for everybody to read, or holds a key.</summary>
    private static IEnumerable<string> Shown(string before, string text, string mode, string? was) =>
        IsPrivate(mode) || (was is not null && IsPrivate(was)) || before.Contains("-----BEGIN", StringComparison.Ordinal) || text.Contains("-----BEGIN", StringComparison.Ordinal)
            ? [$"(not shown: private) SHA-256 {SumOf(before)} becomes {SumOf(text)}"]
            : TextDiff.Of(before, text);

    private static bool IsPrivate(string mode) => mode is [.., var others] && ((others - '0') & 4) == 0;

    /// <summary>Where a step keeps what a file was before it, over all its attempts.</summary>
    public static string BackupOf(StepStamp stamp, string path) => $"{path}.before-{stamp.Job}-{stamp.Path}";

    /// <summary>Names right below a directory; null when there is none.</summary>
    public static async Task<ImmutableArray<string>?> NamesAsync(NodeContext node, string directory, CancellationToken ct)
    {
        var listed = await RootReadAsync(node, ["ls", "-A", directory], ct);
        return listed.Exit == 0 ? [.. listed.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : IsMissing(listed) ? null
            : throw new RecoverableException($"{node.Node.Name}: {directory} can not be listed: {CommandOutput.Tail(listed.Output)}");
    }

    /// <summary>Writes under a receipt and looks whether it is there. The node's end writes beside, syncs, checks the sum, renames (R12).</summary>
    private static async Task PutAsync(NodeContext node, string path, string mode, string owner, string text, CancellationToken ct)
    {
        // The sum in the argv: under one receipt never another content, and the node's end checks what came.
        var sum = SumOf(text);
        var put = await NodeCommands.RunAsync(
            node, new RemoteCommand(["put-file", path, mode, owner, sum], Patience) { Stdin = Encoding.UTF8.GetBytes(text) }, unknown: null, ct);
        if (put.Exit != 0)
        {
            throw new UnrecoverableException($"{node.Node.Name}: writing {path}: exit {put.Exit}: {CommandOutput.Tail(put.Output)}");
        }

        if (await SumAsync(node, path, ct) != sum)
        {
            throw new UnrecoverableException($"{node.Node.Name}: {path} was written by this attempt, but it holds something else now: changed or put back since");
        }
    }

    private static async Task<string> SumAsync(NodeContext node, string path, CancellationToken ct)
    {
        var said = await RootReadAsync(node, ["sha256sum", path], ct);
        return said.Exit == 0 && said.Output.Split(' ', 2)[0].Trim() is { Length: 64 } sum
            ? sum : throw new RecoverableException($"{node.Node.Name}: {path} can not be read: {CommandOutput.Tail(said.Output)}");
    }

    /// <returns>Null when there is no such file.</returns>
    private static async Task<NodeFile?> FileAsync(NodeContext node, string path, CancellationToken ct)
    {
        var said = await RootReadAsync(node, ["stat", "--format=%s %a %U %G", path], ct);
        var words = said.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (said.Exit == 0 && words.Length == 4 && long.TryParse(words[0], CultureInfo.InvariantCulture, out var bytes))
        {
            return new NodeFile(bytes, words[1], $"{words[2]}:{words[3]}");
        }

        return IsMissing(said) ? null : throw new RecoverableException($"{node.Node.Name}: stat {path}: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
    }

    private static bool IsMissing(CommandResult said) => said.Exit != 0 && said.Output.Contains("No such file or directory", StringComparison.Ordinal);

    private static string SumOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Task<CommandResult> RootReadAsync(NodeContext node, ImmutableArray<string> argv, CancellationToken ct) =>
        NodeCommands.ReadAsRootAsync(node, argv, Patience, ct);

    /// <param name="Mode">Octal, without a zero in front.</param>
    /// <param name="Owner"><c>user:group</c>.</param>
    private sealed record NodeFile(long Bytes, string Mode, string Owner);
}

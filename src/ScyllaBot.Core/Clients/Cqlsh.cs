using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>What a SELECT came to. Closed.</summary>
public abstract record CqlAnswer
{
    private CqlAnswer()
    {
    }

    public sealed record Rows(ImmutableArray<JsonElement> All) : CqlAnswer;

    /// <summary>This version has no such table or column.</summary>
    public sealed record NotThere(string Why) : CqlAnswer;

    /// <summary>cqlsh can not be used on the node: not installed, CQL closed, not let in.</summary>
    public sealed record Unusable(string Why) : CqlAnswer;
}

/// <summary><c>cqlsh</c> on a node, for reading system tables. Credentials go by reference and on stdin: no value is in an argv or above the port.</summary>
public static partial class Cqlsh
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A cluster's tablets in one scan: some 300 bytes each.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    /// <param name="commands">Port.</param>
    /// <param name="node">Whose own tables are read.</param>
    /// <param name="access">Of its cluster.</param>
    /// <param name="columns">A comma between.</param>
    /// <param name="table">With its keyspace.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RecoverableException">The node could not be reached, or its answer was cut.</exception>
    /// <exception cref="UnrecoverableException">What it printed can not be read.</exception>
    public static async Task<CqlAnswer> SelectAsync(
        ICommandChannel commands, Node node, CqlAccess access, string columns, string table, CancellationToken ct)
    {
        var statement = $"SELECT JSON {columns} FROM {table}";
        try
        {
            var result = await commands.RunAsync(node, CommandOf(access, statement), line: null, ct);
            return result.Exit == 0 ? new CqlAnswer.Rows(RowsIn(node, table, result.Output))
                : Missing().IsMatch(result.Output) ? new CqlAnswer.NotThere(CommandOutput.Tail(result.Output))
                : new CqlAnswer.Unusable($"{node.Name}: cqlsh exited {result.Exit}: {CommandOutput.Tail(result.Output)}");
        }
        catch (ExchangeException broken)
        {
            throw new RecoverableException($"{node.Name}: cqlsh: {broken.Message}", broken);
        }
        catch (RefusedException refused)
        {
            return new CqlAnswer.Unusable($"{node.Name}: cqlsh: {refused.Message}");
        }
    }

    private static RemoteCommand CommandOf(CqlAccess access, string statement)
    {
        if (access.Username is not { } user)
        {
            return new RemoteCommand(["cqlsh", "-e", statement], Patience) { MaxOutput = MostBytes };
        }

        if (user.Any(char.IsControl))
        {
            throw new UnrecoverableException("the CQL user name of the inventory has control characters in it");
        }

        var file = $"[PlainTextAuthProvider]\nusername = {user}\npassword = {access.Password?.Placeholder}\n";
        return new RemoteCommand(["cqlsh", "--credentials", "/dev/stdin", "-e", statement], Patience)
        {
            Stdin = Encoding.UTF8.GetBytes(file), Secrets = access.Password is { } password ? [password] : [], MaxOutput = MostBytes,
        };
    }

    /// <summary>Fewer rows than it counted itself are a cut answer: half a list of replicas would look safe.</summary>
    private static ImmutableArray<JsonElement> RowsIn(Node node, string table, string output)
    {
        try
        {
            ImmutableArray<JsonElement> rows = [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.StartsWith('{')).Select(Parse)];
            var counted = Count().Match(output) is { Success: true } count ? int.Parse(count.Groups["rows"].Value, CultureInfo.InvariantCulture) : -1;
            return counted == rows.Length ? rows
                : throw new RecoverableException($"{node.Name}: cqlsh showed {rows.Length} rows of {table} but counted {(counted < 0 ? "none" : counted)}: the answer was cut");
        }
        catch (JsonException unreadable)
        {
            throw new UnrecoverableException($"{node.Name}: cqlsh printed something unreadable of {table}: {unreadable.Message}", unreadable);
        }
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"unconfigured table|does not exist|Unrecognized name|Undefined column|Undefined name", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Missing();

    [GeneratedRegex(@"\((?<rows>\d{1,9}) rows?\)\s*\z", RegexOptions.ExplicitCapture | RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();
}

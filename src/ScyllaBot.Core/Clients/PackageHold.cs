using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Holding packages at their version and letting them go.</summary>
internal static class PackageHold
{
    public static async Task SetAsync(NodeContext node, IReadOnlyList<string> names, bool on, CancellationToken ct)
    {
        var packages = await Packages.OfAsync(node, ct);
        var open = await OpenAsync(packages, names, on, ct);
        if (open.Length == 0)
        {
            node.Log.Write($"All of them are {(on ? "held" : "let go")} already");
            return;
        }

        await packages.HoldAsync(open, on, ct);
        if (await OpenAsync(packages, names, on, ct) is { Length: > 0 } left)
        {
            throw new UnrecoverableException($"{node.Node.Name}: {string.Join(", ", left)} {(on ? "can not be held" : "stay held")}");
        }
    }

    private static async Task<string[]> OpenAsync(Packages packages, IReadOnlyList<string> names, bool on, CancellationToken ct)
    {
        var held = await packages.HeldAsync(names, ct);
        return [.. names.Where(name => held.Contains(name, StringComparer.Ordinal) != on)];
    }
}

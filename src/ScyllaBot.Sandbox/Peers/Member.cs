using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>A node of a cluster of processes. Same members and same seed: every process knows the same host ids, tokens and replicas.</summary>
internal sealed record Member(string Name, string Address, string Dc, string Rack)
{
    /// <summary>One node a line: `name address dc rack`; a line that begins with # says nothing.</summary>
    /// <returns>The nodes in the file's order, or what is wrong with it.</returns>
    public static (ImmutableArray<Member> Members, string? Error) Read(string text)
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is [] || words[0].StartsWith('#'))
            {
                continue;
            }

            if (words is not [var name, var address, var dc, var rack])
            {
                return ([], $"members, line {number}: expected name, address, dc and rack");
            }

            members.Add(new Member(name, address, dc, rack));
        }

        var twice = members.GroupBy(member => member.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? (members.ToImmutable(), null) : ([], $"members: {twice} is there twice");
    }
}

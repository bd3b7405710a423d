using System.Collections.Concurrent;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>Roles of the guild: ids to rights, to names, and from configured names to ids. Unknown = nothing.</summary>
internal sealed class RoleBook(DiscordOptions options)
{
    private const string OnCall = "on-call";

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Learns names from a guild's role list.</summary>
    public void Learn(IEnumerable<JsonElement> roles)
    {
        foreach (var role in roles)
        {
            if (role.Text("id") is { Length: > 0 } id)
            {
                _names[id] = role.Text("name");
            }
        }
    }

    public void Forget(string id) => _names.TryRemove(id, out _);

    /// <summary>Rights of somebody with these roles, at this moment. Any right includes Read.</summary>
    public Rights Rights(IEnumerable<string> roleIds)
    {
        var held = roleIds.ToHashSet(StringComparer.Ordinal);
        var rights = Core.Jobs.Rights.None;
        foreach (var (name, ids) in options.Roles)
        {
            if (Enum.TryParse<Rights>(name, ignoreCase: true, out var right) && ids.Any(held.Contains))
            {
                rights |= right;
            }
        }

        return rights == Core.Jobs.Rights.None ? rights : rights | Core.Jobs.Rights.Read;
    }

    /// <summary>Ids that a configured name stands for: <c>on-call</c>, a right's name, a role of the guild, or its id.</summary>
    public IEnumerable<string> Ids(string name)
    {
        if (string.Equals(name, OnCall, StringComparison.OrdinalIgnoreCase))
        {
            return options.OnCallRole is { Length: > 0 } role ? [role] : [];
        }

        if (options.Roles.TryGetValue(name, out var ids))
        {
            return ids;
        }

        return _names.ContainsKey(name)
            ? [name]
            : _names.Where(n => string.Equals(n.Value, name, StringComparison.OrdinalIgnoreCase))
                .Select(n => n.Key)
                .Order(StringComparer.Ordinal);
    }
}

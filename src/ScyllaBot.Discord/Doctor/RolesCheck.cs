using ScyllaBot.Core.Control;

namespace ScyllaBot.Discord.Doctor;

/// <summary>Roles that have rights are there, and somebody can start and approve jobs.</summary>
internal sealed class RolesCheck : IGuildCheck
{
    public string Id => "discord-roles";

    public IEnumerable<DoctorFinding> Look(GuildFacts facts, DiscordOptions options)
    {
        var wrong = new List<DoctorFinding>();
        foreach (var (right, ids) in options.Roles.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            wrong.AddRange(ids.Where(id => !facts.Roles.ContainsKey(id)).Select(id => DoctorFinding.Broken(
                Id, $"{right}: the guild has no role {Core.Chat.Markup.Cut(id, 40)}", $"set ScyllaBot:Discord:Roles:{right} to ids of roles of this guild (Server Settings, Roles, Copy Role ID)")));
        }

        foreach (var right in new[] { "Operate", "Approve" }.Where(r => !options.Roles.TryGetValue(r, out var ids) || ids.Length == 0))
        {
            wrong.Add(DoctorFinding.Warning(
                Id, $"nobody has the right {right}: {(right == "Operate" ? "no job can be started" : "no job that needs an approval can start")} from Discord",
                $"put ids of roles into ScyllaBot:Discord:Roles:{right}"));
        }

        wrong.AddRange(options.Roles.Where(r => r.Key is not "Read" && r.Value.Contains(facts.Guild)).Select(r => DoctorFinding.Warning(
            Id, $"{r.Key}: everybody in the guild has this right", $"put a role of its own into ScyllaBot:Discord:Roles:{r.Key}")));
        return wrong.Count > 0 ? wrong
            : [DoctorFinding.Ok(Id, string.Join("; ", options.Roles.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}: {string.Join(", ", r.Value.Select(id => facts.Roles[id].Name))}")))];
    }
}

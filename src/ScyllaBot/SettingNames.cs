using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Control;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Discord;
using ScyllaBot.Observe;
using ScyllaBot.Upkeep;

namespace ScyllaBot;

/// <summary>A misspelt setting would silently leave its default in force.</summary>
internal static class SettingNames
{
    /// <summary>Rights of <see cref="DiscordOptions.Roles"/>.</summary>
    private static readonly string[] Rights = ["Read", "Operate", "Approve"];

    /// <returns>One sentence for each key of section <c>ScyllaBot</c> that means nothing, with the spelling that was probably meant.</returns>
    public static IEnumerable<string> Unknown(IConfigurationSection section) =>
    [
        .. In(section, [.. NamesOf<HostSettings>(), "Discord"]),
        .. In(section.GetSection("Sandbox"), NamesOf<SandboxSettings>()),
        .. In(section.GetSection("Approvals"), NamesOf<ApprovalSettings>()),
        .. section.GetSection("Approvals:Workflows").GetChildren().SelectMany(rule => In((IConfigurationSection)rule, NamesOf<WorkflowApprovalSettings>())),
        .. In(section.GetSection("Calls"), NamesOf<CallOptions>()),
        .. In(section.GetSection("Heartbeat"), NamesOf<HeartbeatOptions>()),
        .. In(section.GetSection("Control"), NamesOf<ControlSettings>()),
        .. section.GetSection("Control:Users").GetChildren().Where(user => !user.GetChildren().Any())
            .Select(user => $"{user.Path} names no right in a list: an empty one would be overlooked, [\"none\"] is not"),
        .. In(section.GetSection("Observe"), NamesOf<ObserveSettings>()),
        .. In(section.GetSection("Backup"), NamesOf<BackupSettings>()),
        .. In(section.GetSection("Retention"), NamesOf<RetentionSettings>()),
        .. In(section.GetSection("Discord"), [.. NamesOf<DiscordOptions>(), "TokenFile"]),
        .. In(section.GetSection("Discord:Roles"), Rights),
    ];

    /// <summary>The same for section <c>Logs</c>.</summary>
    public static IEnumerable<string> UnknownLogs(IConfigurationSection section) => In(section, NamesOf<LogSettings>());

    private static IEnumerable<string> In(IConfigurationSection section, string[] known) => section.GetChildren()
        .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        .Select(child => $"{child.Path} is no setting" + (Nearest.To(child.Key, known) is { } near
            ? $", did you mean {near}?" : $"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}"));

    /// <summary>Of what can be set, or filled; the rest is computed from it.</summary>
    private static string[] NamesOf<T>() => [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite || property.PropertyType.IsAssignableTo(typeof(IDictionary))).Select(property => property.Name)];
}

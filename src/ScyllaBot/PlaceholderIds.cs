using Microsoft.Extensions.Configuration;

namespace ScyllaBot;

/// <summary>Ids that are still the sample's zeros. One in <c>ChatIds</c> makes its user nobody's account, so that R16 would not see the same person twice.</summary>
internal static class PlaceholderIds
{
    private static readonly string[] Places =
    [
        "Discord:GuildId", "Discord:ApplicationId", "Discord:OnCallRole", "Discord:Channels", "Discord:Roles", "Control:ChatIds",
        "Approvals:Approvers", "Approvals:Groups", "Approvals:BreakGlass", "Approvals:Owners",
    ];

    /// <param name="section">Section <c>ScyllaBot</c>.</param>
    /// <returns>One sentence for each.</returns>
    public static IEnumerable<string> In(IConfigurationSection section) => Places.Select(section.GetSection)
        .Concat(section.GetSection("Approvals:Workflows").GetChildren().Select(w => w.GetSection("Approvers")))
        .SelectMany(Leaves).Where(leaf => IsPlaceholder(leaf.Value!))
        .Select(leaf => $"{leaf.Path} is {leaf.Value}, which is nobody's id: fill in the real one (Discord's developer mode, Copy ID), or take the key out");

    // No id of Discord begins with a zero.
    private static bool IsPlaceholder(string value) => value.Length <= 32 && value.StartsWith('0') && value.All(char.IsAsciiDigit);

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(Leaves).Concat(section.Value is null ? [] : [section]);
}

using System.ComponentModel.DataAnnotations;

namespace ScyllaBot.Discord;

/// <summary>How the bot reaches its guild. Section <c>Discord</c>.</summary>
public sealed class DiscordOptions
{
    /// <value>Base without the version. Default <c>https://discord.com/api</c>.</value>
    [Required]
    public Uri ApiBase { get; set; } = new("https://discord.com/api");

    /// <value>Without "Bot ". From environment or secrets only; never logged.</value>
    [Required]
    public string Token { get; set; } = "";

    /// <value>Asked from Discord when missing.</value>
    [RegularExpression("[0-9]{1,20}")]
    public string? ApplicationId { get; set; }

    /// <value>The only guild whose commands and presses are heard.</value>
    [Required, RegularExpression("[0-9]{1,20}")]
    public string GuildId { get; set; } = "";

    /// <value>Channel name → id. Commands are heard in these channels and their threads only.</value>
    public Dictionary<string, string> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <value>Right (Read, Operate, Approve) → ids of the roles that have it. Any right includes Read.</value>
    public Dictionary<string, string[]> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <value>Id of the role that mentions of <c>on-call</c> mean; none = such a mention is dropped.</value>
    [RegularExpression("[0-9]{1,20}")]
    public string? OnCallRole { get; set; }

    /// <value>Where the User-Agent says one can read about this bot.</value>
    public string Homepage { get; set; } = "https://scyllabot.invalid";

    /// <value>Cards then say that nothing real is touched. Default false.</value>
    public bool IsSandbox { get; set; }

    /// <summary>What Discord demands of a User-Agent: <c>DiscordBot (url, version)</c>.</summary>
    internal string UserAgent => $"DiscordBot ({Homepage}, 0.1)";
}

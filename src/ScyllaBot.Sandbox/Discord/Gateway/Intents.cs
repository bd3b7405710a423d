namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>Gateway intents (docs: Gateway, List of Intents).</summary>
internal static class Intents
{
    public const int None = 0;
    public const int Guilds = 1 << 0;
    public const int GuildMembers = 1 << 1;
    public const int Presences = 1 << 8;
    public const int GuildMessages = 1 << 9;
    public const int DirectMessages = 1 << 12;
    public const int MessageContent = 1 << 15;

    public const int Privileged = GuildMembers | Presences | MessageContent;

    /// <summary>Bits 17 to 19, 22 and 23, and all above 25 mean nothing and are refused (4013).</summary>
    public const int Known = 0b11_0011_0001_1111_1111_1111_1111;
}

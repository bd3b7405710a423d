namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Permission bits that the world uses (docs: Topics, Permissions).</summary>
internal static class Permission
{
    public const ulong Administrator = 1UL << 3;
    public const ulong AddReactions = 1UL << 6;
    public const ulong ViewChannel = 1UL << 10;
    public const ulong SendMessages = 1UL << 11;
    public const ulong EmbedLinks = 1UL << 14;
    public const ulong AttachFiles = 1UL << 15;
    public const ulong ReadMessageHistory = 1UL << 16;
    public const ulong MentionEveryone = 1UL << 17;
    public const ulong ManageWebhooks = 1UL << 29;
    public const ulong UseApplicationCommands = 1UL << 31;
    public const ulong ManageThreads = 1UL << 34;
    public const ulong CreatePublicThreads = 1UL << 35;
    public const ulong CreatePrivateThreads = 1UL << 36;
    public const ulong SendMessagesInThreads = 1UL << 38;
    public const ulong PinMessages = 1UL << 51;

    public const ulong Everyone =
        AddReactions
        | ViewChannel
        | SendMessages
        | EmbedLinks
        | AttachFiles
        | ReadMessageHistory
        | UseApplicationCommands
        | CreatePublicThreads
        | SendMessagesInThreads;

    public const ulong OfBot = ManageWebhooks | ManageThreads | CreatePrivateThreads | PinMessages;
}

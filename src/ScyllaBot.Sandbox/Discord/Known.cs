namespace ScyllaBot.Sandbox.Discord;

/// <summary>
/// The fixed identities of the emulated world. All are valid snowflakes of April 2023; the application and its bot user differ on
/// purpose.
/// </summary>
public static class Known
{
    /// <summary>The only bot token that the emulator takes.</summary>
    public const string Token = "sandbox.token.1";

    public const ulong Application = 1100000000000000010;

    public const ulong Bot = 1100000000000000011;

    public const ulong Guild = 1100000000000000100;

    /// <summary>Owns the guild and never shows up, so that nobody's permissions are all of them.</summary>
    public const ulong Owner = 1100000000000000200;

    public const ulong Mara = 1100000000000000201;

    public const ulong Jon = 1100000000000000202;

    /// <summary>A bystander without roles, who also refuses direct messages (50007).</summary>
    public const ulong Kim = 1100000000000000203;
    public const ulong Lena = 1100000000000000204;

    public const ulong Reader = 1100000000000000301;

    public const ulong Operator = 1100000000000000302;

    public const ulong Approver = 1100000000000000303;

    /// <summary>The only mentionable role.</summary>
    public const ulong OnCall = 1100000000000000304;

    public const ulong BotRole = 1100000000000000305;

    public const ulong Category = 1100000000000000400;

    public const ulong Ops = 1100000000000000401;

    public const ulong Staging = 1100000000000000402;

    public const ulong InfraDoing = 1100000000000000403;

    public const ulong OnCallChannel = 1100000000000000404;
}

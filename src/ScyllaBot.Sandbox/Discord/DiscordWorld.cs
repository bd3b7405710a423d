using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.PageApi;
using ScyllaBot.Sandbox.Discord.Rest;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>
/// All state of the emulated Discord. One gate guards everything: whoever reads or changes state holds it, and nothing waits while
/// holding it,
/// so every dispatch gets its sequence number in the order in which things happened.
/// </summary>
internal sealed class DiscordWorld
{
    public DiscordWorld(DiscordEmulatorOptions options)
    {
        Options = options;
        Ids = new Snowflakes(options.Time);
        Channels = new ChannelBook(this);
        Commands = new CommandBook(Ids);
        Interactions = new InteractionBook(this);
        Webhooks = new WebhookBook(Ids);
        Files = new FileStore(options.FileBytes);
        Nonces = new NonceBook(options.Time);
        Sessions = new GatewaySessions(this);
        Faults = new Faults(options.Time);
        Limits = new RateLimits(options.Time);
        Traffic = new TrafficLog(options);
        Feed = new PageFeed();
        Broadcast = new Broadcast(this);
    }

    public Lock Gate { get; } = new();

    public DiscordEmulatorOptions Options { get; }

    public TimeProvider Time => Options.Time;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Scheme and host as the last caller knew them; links and the gateway address are built on it.</summary>
    public string Origin { get; set; } = "http://127.0.0.1";

    public Snowflakes Ids { get; }

    public ChannelBook Channels { get; }

    public CommandBook Commands { get; }

    public InteractionBook Interactions { get; }

    public WebhookBook Webhooks { get; }

    public FileStore Files { get; }

    public NonceBook Nonces { get; }

    public GatewaySessions Sessions { get; }

    public Faults Faults { get; }

    public RateLimits Limits { get; }

    public TrafficLog Traffic { get; }

    public PageFeed Feed { get; }

    public Broadcast Broadcast { get; }
}

namespace ScyllaBot.Discord;

/// <summary>Hears of what happens on the way to Discord, for whoever counts. Called on any thread: be quick, never throw.</summary>
public interface IDiscordWatch
{
    static readonly IDiscordWatch Nobody = new NoWatch();

    /// <summary>An interaction's acknowledgement has ended.</summary>
    /// <param name="after">Since Discord's dispatch was received.</param>
    /// <param name="wasTaken">False: Discord did not take it, and nothing is done for the interaction.</param>
    void Acknowledged(TimeSpan after, bool wasTaken);

    /// <summary>Discord answered 429.</summary>
    void Limited(bool wholeClient, bool shared);

    /// <summary>A call waits so that it does not meet a limit.</summary>
    void Waited(TimeSpan wait);

    private sealed class NoWatch : IDiscordWatch
    {
        public void Acknowledged(TimeSpan after, bool wasTaken) { }

        public void Limited(bool wholeClient, bool shared) { }

        public void Waited(TimeSpan wait) { }
    }
}

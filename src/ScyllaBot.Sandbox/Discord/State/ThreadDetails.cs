using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>What a thread has beyond a channel.</summary>
internal sealed class ThreadDetails
{
    public required ulong Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool Archived { get; set; }

    public bool Locked { get; set; }

    public bool? Invitable { get; init; }

    public DateTimeOffset ArchiveStamp { get; set; }

    /// <summary>Minutes: 60, 1440, 4320 or 10080.</summary>
    public int AutoArchive { get; set; } = 4320;

    public int RatePerUser { get; set; }

    public int MessageCount { get; set; }

    public int TotalSent { get; set; }

    /// <summary>Adds the members of ThreadResponse.</summary>
    public void Describe(JsonObject channel)
    {
        channel["owner_id"] = Owner.ToString();
        channel["message_count"] = Math.Min(MessageCount, 50);
        channel["member_count"] = 1;
        channel["total_message_sent"] = TotalSent;
        var metadata = new JsonObject
        {
            ["archived"] = Archived,
            ["archive_timestamp"] = Snowflakes.Print(ArchiveStamp),
            ["auto_archive_duration"] = AutoArchive,
            ["locked"] = Locked,
            ["create_timestamp"] = Snowflakes.Print(CreatedAt),
        };
        if (Invitable is { } invitable)
        {
            metadata["invitable"] = invitable;
        }

        channel["thread_metadata"] = metadata;
    }

    /// <summary>ThreadMemberResponse of the thread's owner.</summary>
    public JsonObject Member(ulong thread) =>
        new()
        {
            ["id"] = thread.ToString(),
            ["user_id"] = Owner.ToString(),
            ["join_timestamp"] = Snowflakes.Print(CreatedAt),
            ["flags"] = 1,
        };
}

using System.ComponentModel.DataAnnotations;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;

namespace ScyllaBot;

/// <summary>Whom a halt calls when nobody answers, and what losing the chat does (R7, R9).</summary>
internal sealed record CallOptions : IValidatableObject
{
    [Range(1, 1440)]
    public int AfterMinutes { get; init; } = 10;

    [Range(1, 1440)]
    public int AfterDownMinutes { get; init; } = 3;

    [Range(1, 1440)]
    public int EveryMinutes { get; init; } = 30;

    /// <value><c>by_environment</c> (default): production holds, the others go on.</value>
    [RegularExpression("by_environment|go_on|hold_after")]
    public string ChatLost { get; init; } = "by_environment";

    [Range(1, 1440)]
    public int ChatLostAfterMinutes { get; init; } = 15;

    /// <summary>The pager's webhook: where its address is kept, <c>env:NAME</c> or <c>file:/path</c>; null = none.</summary>
    public string? Pager { get; init; }

    public SecretRef? PagerUrl => Pager is { Length: > 0 } text ? SecretRef.TryParse(text) : null;

    public CallSettings ToSettings() => new()
    {
        After = TimeSpan.FromMinutes(AfterMinutes),
        AfterDown = TimeSpan.FromMinutes(AfterDownMinutes),
        Every = TimeSpan.FromMinutes(EveryMinutes),
        ChatLostAfter = TimeSpan.FromMinutes(ChatLostAfterMinutes),
        WhenChatIsLost = ChatLost switch
        {
            "go_on" => Core.Clusters.ChatLost.GoOn,
            "hold_after" => Core.Clusters.ChatLost.HoldAfter,
            _ => null,
        },
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Pager is { Length: > 0 } && PagerUrl is null
        ? [new ValidationResult("Calls:Pager must say where the address is kept, as env:NAME or file:/path; the address itself does not belong into this file")] : [];
}

/// <summary>A sign of life that stops when the bot stops (R10).</summary>
internal sealed record HeartbeatOptions : IValidatableObject
{
    /// <summary>Where the address is kept, <c>env:NAME</c> or <c>file:/path</c>; null = no heartbeat.</summary>
    public string? Url { get; init; }

    /// <value><c>get</c> (default), <c>post</c>, or <c>alertmanager</c>: the alert ScyllaBotAlive, sent again before it ends.</value>
    [RegularExpression("get|post|alertmanager")]
    public string By { get; init; } = "get";

    [Range(5, 3600)]
    public int EverySeconds { get; init; } = 60;

    public SecretRef? Target => Url is { Length: > 0 } text ? SecretRef.TryParse(text) : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Url is { Length: > 0 } && Target is null
        ? [new ValidationResult("Heartbeat:Url must say where the address is kept, as env:NAME or file:/path; the address itself does not belong into this file")] : [];
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>An event as a store keeps it.</summary>
/// <param name="Kind">Name in the closed table; never reused for another shape.</param>
/// <param name="Version">Of the kind's shape, from 1.</param>
/// <param name="Json">Every member, snake_case, nothing else.</param>
public readonly record struct WrittenEvent(string Kind, int Version, string Json);

/// <summary>What is stored is no event this version knows. It is never skipped: a job must not be folded from half its journal.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The journal's wire format. Changing a shape means a new version here and a reader for the old one.</summary>
public static class JournalCodec
{
    // The journal never reaches a browser, so text stays legible instead of being escaped for HTML.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new StepKeyConverter(),
            new OrdinalMapConverter(),
        },
    };

    private static readonly ImmutableArray<EventKind> Table =
    [
        Kind<Created>("created"),
        Kind<Began>("began"),
        Kind<LeaseTaken>("lease_taken"),
        Kind<LeaseReleased>("lease_released"),
        Kind<ApprovalAsked>("approval_asked"),
        Kind<ApprovalGiven>("approval_given"),
        Kind<ApprovalRefused>("approval_refused"),
        Kind<ApprovalExpired>("approval_expired"),
        Kind<ApprovedAhead>("approved_ahead"),
        Kind<GlassBroken>("glass_broken"),
        Kind<StepStarted>("step_started"),
        Kind<StepSucceeded>("step_succeeded"),
        Kind<StepFailed>("step_failed"),
        Kind<StepInterrupted>("step_interrupted"),
        Kind<StepSkipped>("step_skipped"),
        Kind<StepPassedOver>("step_passed_over"),
        Kind<NodesChosen>("nodes_chosen"),
        Kind<NodePassedOver>("node_passed_over"),
        Kind<NodeHeld>("node_held"),
        Kind<NodeReleased>("node_released"),
        Kind<NodeJoined>("node_joined"),
        Kind<NodeSkipped>("node_skipped"),
        Kind<Halted>("halted"),
        Kind<HaltAcknowledged>("halt_acknowledged"),
        Kind<RetryAsked>("retry_asked"),
        Kind<RestoreAsked>("restore_asked"),
        Kind<PauseAsked>("pause_asked"),
        Kind<PauseReached>("pause_reached"),
        Kind<Resumed>("resumed"),
        Kind<AbortAsked>("abort_asked"),
        Kind<PlanDrifted>("plan_drifted"),
        Kind<AlwaysStarted>("always_started"),
        Kind<HostResumed>("host_resumed"),
        Kind<Announced>("announced"),
        Kind<JobHeld>("job_held"),
        Kind<HoldPinged>("hold_pinged"),
        Kind<HoldLifted>("hold_lifted"),
        Kind<ViewSeen>("view_seen"),
        Kind<NodesSeenWell>("nodes_seen_well"),
        Kind<BaselineTaken>("baseline_taken"),
        Kind<QuestionAsked>("question_asked"),
        Kind<QuestionAnswered>("question_answered"),
        Kind<HaltCalled>("halt_called"),
        Kind<NodeDownLong>("node_down_long"),
        Kind<DebtOpened>("debt_opened"),
        Kind<DebtPaid>("debt_paid"),
        Kind<UnitBegun>("unit_begun"),
        Kind<UnitDone>("unit_done"),
        Kind<LeaseAwaited>("lease_awaited"),
        Kind<Unlocked>("unlocked"),
        Kind<OwnerChanged>("owner_changed"),
        Kind<Tuned>("tuned"),
        Kind<TakenOver>("taken_over"),
        Kind<HandsOff>("hands_off"),
        Kind<HandReminded>("hand_reminded"),
        Kind<HandedBack>("handed_back"),
        Kind<UnderAsked>("under_asked"),
        Kind<UnderStarted>("under_started"),
        Kind<UnderEnded>("under_ended"),
        Kind<FleetHalted>("fleet_halted"),
        Kind<FleetLifted>("fleet_lifted"),
        Kind<FootprintsFound>("footprints_found"),
        Kind<FootprintsAcknowledged>("footprints_acknowledged"),
        Kind<Ended>("ended"),
        Kind<Audited>("audited"),
        Kind<DebtSettled>("debt_settled"),
        Kind<JobStuck>("job_stuck"),
        Kind<DebtOverdue>("debt_overdue"),
    ];

    private static readonly ImmutableSortedDictionary<string, EventKind> ByName =
        Table.ToImmutableSortedDictionary(k => k.Name, k => k, StringComparer.Ordinal);

    private static readonly Dictionary<Type, EventKind> ByType = Table.ToDictionary(k => k.Type);

    /// <summary>The names a journal may hold, and the type of each.</summary>
    public static IEnumerable<(string Name, Type Type)> Kinds => Table.Select(k => (k.Name, k.Type));

    /// <exception cref="ArgumentException">The type has no row in the table.</exception>
    public static WrittenEvent Write(JournalEvent what)
    {
        var kind = ByType.GetValueOrDefault(what.GetType())
            ?? throw new ArgumentException($"{what.GetType().Name} has no kind", nameof(what));
        return new WrittenEvent(kind.Name, kind.Version, JsonSerializer.Serialize(what, kind.Type, Options));
    }

    /// <exception cref="UnreadableEventException">Kind, version or a member is unknown, or a member is missing or malformed.</exception>
    public static JournalEvent Read(WrittenEvent written)
    {
        var kind = ByName.GetValueOrDefault(written.Kind)
            ?? throw new UnreadableEventException($"the journal holds an event '{written.Kind}' that this version does not know");
        if (written.Version != kind.Version)
        {
            throw new UnreadableEventException(
                $"the journal holds '{written.Kind}' in version {written.Version}; this version of ScyllaBot reads version {kind.Version}");
        }

        try
        {
            return (JournalEvent?)JsonSerializer.Deserialize(written.Json, kind.Type, Options)
                ?? throw new UnreadableEventException($"the journal holds an empty '{written.Kind}'");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException($"the journal holds a '{written.Kind}' that can not be read: {e.Message}", e);
        }
    }

    private static EventKind Kind<T>(string name, int version = 1)
        where T : JournalEvent => new(name, version, typeof(T));

    private sealed record EventKind(string Name, int Version, Type Type);

    /// <summary><c>path@node</c>, or <c>path</c> alone: as people read it in cards and logs.</summary>
    private sealed class StepKeyConverter : JsonConverter<StepKey>
    {
        public override StepKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("a step key is text");
            var at = text.IndexOf('@', StringComparison.Ordinal);
            return at < 0 ? new StepKey(text, null) : new StepKey(text[..at], text[(at + 1)..]);
        }

        public override void Write(Utf8JsonWriter writer, StepKey value, JsonSerializerOptions options)
        {
            if (string.IsNullOrEmpty(value.Path) || value.Path.Contains('@', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{value.Path}' is no place in a plan", nameof(value));
            }

            writer.WriteStringValue(value.ToString());
        }
    }

    /// <summary>The framework's own would order by culture; maps here are ordinal, so that every host writes the same text.</summary>
    private sealed class OrdinalMapConverter : JsonConverter<ImmutableSortedDictionary<string, string>>
    {
        public override ImmutableSortedDictionary<string, string> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var map = JsonSerializer.Deserialize<Dictionary<string, string?>>(ref reader, options)
                ?? throw new JsonException("a map is missing");
            return map.ToImmutableSortedDictionary(
                m => m.Key, m => m.Value ?? throw new JsonException("a value is missing"), StringComparer.Ordinal);
        }

        public override void Write(
            Utf8JsonWriter writer, ImmutableSortedDictionary<string, string> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, text) in value.WithComparers(StringComparer.Ordinal))
            {
                writer.WriteString(key, text);
            }

            writer.WriteEndObject();
        }
    }
}

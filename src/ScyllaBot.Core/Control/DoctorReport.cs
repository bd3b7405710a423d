using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Control;

/// <summary>All that the doctor found, the bot's own matters first, then cluster by cluster.</summary>
public sealed record DoctorReport(ImmutableArray<DoctorFinding> Findings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Nothing is broken; there may be warnings.</summary>
    public bool IsWell => Count(DoctorLevel.Broken) == 0;

    /// <summary>0: nothing is broken. 1: something is.</summary>
    public int ExitCode => IsWell ? 0 : 1;

    public int Count(DoctorLevel level) => Findings.Count(f => f.Level == level);

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class JournalCodecTests
{
    private const string Held = """{"node":"n","key":"1.1@n","at":"2026-01-05T08:00:00+00:00"}""";

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, Journals.OneOfEach.Length)];

    [Fact]
    public void Every_event_type_has_a_kind_and_a_sample()
    {
        var types = typeof(JournalEvent).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(JournalEvent))).ToHashSet();

        Assert.Equal(types, JournalCodec.Kinds.Select(k => k.Type).ToHashSet());
        Assert.Equal(types, Journals.OneOfEach.Select(e => e.GetType()).ToHashSet());
        Assert.Equal(types.Count, JournalCodec.Kinds.Select(k => k.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_event_comes_back_as_it_went(int sample)
    {
        var sent = Journals.OneOfEach[sample];

        var back = JournalCodec.Read(JournalCodec.Write(sent));

        // Not Assert.Equal: records compare the identity of their arrays and maps.
        Assert.IsType(sent.GetType(), back);
        Assert.Equivalent(sent, back, strict: true);
    }

    [Fact]
    public void The_stored_form_is_the_one_that_journals_out_there_have()
    {
        using var stored = typeof(JournalCodecTests).Assembly.GetManifestResourceStream("journal.v1.txt")!;
        using var reader = new StreamReader(stored);
        var lines = reader.ReadToEnd().TrimEnd('\n').Split('\n');

        var read = lines.Select(l => l.Split(' ', 3)).Select(l => JournalCodec.Read(new WrittenEvent(l[0], int.Parse(l[1]), l[2])));
        Assert.Equal(lines, Journals.OneOfEach.Select(Line), StringComparer.Ordinal);
        Assert.Equal(lines, read.Select(Line), StringComparer.Ordinal);
    }

    [Fact]
    public void Maps_are_ordered_by_code_point_whatever_comparer_they_came_with()
    {
        var birth = Journals.Birth("r");
        var shuffled = birth with { Variables = birth.Variables.WithComparers(StringComparer.OrdinalIgnoreCase) };

        Assert.Equal(JournalCodec.Write(birth).Json, JournalCodec.Write(shuffled).Json);
        Assert.Equal(["A", "b"], ((Created)JournalCodec.Read(JournalCodec.Write(shuffled))).Variables.Keys, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("teleported", 1, "{}", "does not know")]
    [InlineData("NodeHeld", 1, Held, "does not know")]
    [InlineData("node_held", 2, Held, "version 2")]
    [InlineData("node_held", 0, Held, "version 0")]
    [InlineData("node_held", 1, """{"node":"n","key":"1@n","at":"2026-01-05T08:00:00+00:00","more":1}""", "more")]
    [InlineData("node_held", 1, """{"node":"n","at":"2026-01-05T08:00:00+00:00"}""", "key")]
    [InlineData("node_held", 1, """{"node":null,"key":"1@n","at":"2026-01-05T08:00:00+00:00"}""", "node")]
    [InlineData("node_held", 1, """{"node":"n","node":"m","key":"1@n","at":"2026-01-05T08:00:00+00:00"}""", "node")]
    [InlineData("node_held", 1, """{"node":"n","key":7,"at":"2026-01-05T08:00:00+00:00"}""", "step key")]
    [InlineData("node_released", 1, """{"node":"n","how":"vanished","at":"2026-01-05T08:00:00+00:00"}""", "how")]
    [InlineData("node_released", 1, """{"node":"n","how":0,"at":"2026-01-05T08:00:00+00:00"}""", "how")]
    [InlineData("node_held", 1, "null", "empty")]
    [InlineData("node_held", 1, "{", "can not be read")]
    public void What_is_not_known_is_refused_in_words(string kind, int version, string json, string because)
    {
        Assert.IsType<NodeHeld>(JournalCodec.Read(new WrittenEvent("node_held", 1, Held)));

        var refusal = Assert.Throws<UnreadableEventException>(() => JournalCodec.Read(new WrittenEvent(kind, version, json)));

        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_key_that_could_not_be_read_back_is_not_written() =>
        Assert.Throws<ArgumentException>(() => JournalCodec.Write(new NodeHeld(Journals.Start, "n", new StepKey("1@2", "n"))));

    private static string Line(JournalEvent e)
    {
        var (kind, version, json) = JournalCodec.Write(e);
        return $"{kind} {version} {json}";
    }
}

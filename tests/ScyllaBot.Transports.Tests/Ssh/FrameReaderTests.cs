using System.Text;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Tests.Ssh;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("\n")]
    [InlineData("\n\n\na\n\n")]
    [InlineData("a\nscyllabot:xy exit 0\nb")]
    [InlineData("\nscyllabot:x")]
    public async Task However_a_stream_is_cut_into_pieces_its_content_is_the_same(string content)
    {
        var whole = Encoding.UTF8.GetBytes($"noise\n\nscyllabot:xyz begin .\n{content[..(content.Length / 2)]}\nscyllabot:xyz alive .\n{content[(content.Length / 2)..]}\nscyllabot:xyz exit 7\n");
        for (var size = 1; size <= whole.Length; size++)
        {
            var (kept, before) = (new BoundedOutput(10_000, null), new BoundedOutput(10_000, null));
            var reader = new FrameReader("scyllabot:xyz", kept.Add, kept.Retract, before.Add);

            await reader.ReadAsync(new Pieces(whole, size), default);

            Assert.Equal((content, "exit", "7", true), (kept.ToString(), reader.End?.Kind, reader.End?.Detail, reader.HasBegun));
            Assert.StartsWith("noise", before.ToString());
        }
    }

    [Fact]
    public async Task A_line_is_heard_as_soon_as_it_is_whole()
    {
        var lines = new List<string>();
        var kept = new BoundedOutput(1000, lines.Add);
        var reader = new FrameReader("m", kept.Add, kept.Retract);

        await reader.ReadAsync(new Pieces("\nm begin .\none\n\ntwo\n"u8.ToArray(), 100), default);

        Assert.Equal(["one", "two"], lines);
        Assert.Null(reader.End);
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(size, buffer.Length)]));
    }
}

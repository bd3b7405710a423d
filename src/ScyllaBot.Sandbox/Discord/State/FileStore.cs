using System.Buffers.Binary;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Uploaded bytes behind the attachment links, up to a total size; the oldest go first.</summary>
internal sealed class FileStore(long limit)
{
    private readonly Dictionary<ulong, UploadedFile> _files = [];

    private readonly Queue<ulong> _order = [];

    private long _bytes;

    public void Keep(ulong id, UploadedFile file)
    {
        _files[id] = file;
        _order.Enqueue(id);
        _bytes += file.Bytes.Length;
        while (_bytes > limit && _order.TryDequeue(out var oldest) && _files.Remove(oldest, out var gone))
        {
            _bytes -= gone.Bytes.Length;
        }
    }

    public UploadedFile? Find(ulong id) => _files.GetValueOrDefault(id);
}

/// <summary>One part <c>files[n]</c> of a multipart request.</summary>
internal sealed record UploadedFile(int Index, string Filename, string ContentType, byte[] Bytes)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Width and height of a PNG from its IHDR, else null: the only pictures that the bot draws.</summary>
    public (int Width, int Height)? Pixels =>
        Bytes.Length >= 24 && Bytes.AsSpan(0, 8).SequenceEqual(PngSignature)
            ? (BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(20)))
            : null;
}

namespace ScyllaBot;

/// <summary>A file that somebody named, read no further than it may be long: also one that is a link, still grows, or has no length to ask for.</summary>
internal static class BoundedText
{
    /// <param name="path">Of the file.</param>
    /// <param name="most">Bytes.</param>
    /// <returns>Null: it is longer.</returns>
    /// <exception cref="IOException">It can not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static string? Read(string path, int most)
    {
        using var file = File.OpenRead(path);
        using var kept = new MemoryStream();
        var some = new byte[16 * 1024];
        while (file.Read(some) is var read and > 0)
        {
            if (kept.Length + read > most)
            {
                return null;
            }

            kept.Write(some, 0, read);
        }

        kept.Position = 0;
        using var text = new StreamReader(kept);
        return text.ReadToEnd();
    }
}

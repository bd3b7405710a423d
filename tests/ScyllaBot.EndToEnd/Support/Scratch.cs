namespace ScyllaBot.EndToEnd.Support;

/// <summary>A folder of its own for one test's files.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("scyllabot-e2e-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>A folder with the workflows that ship, so that a test can add its own.</summary>
    public string Workflows(params (string File, string Text)[] more)
    {
        var folder = Directory.CreateDirectory(this["workflows"]).FullName;
        foreach (var shipped in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.yaml"))
        {
            File.Copy(shipped, Path.Combine(folder, Path.GetFileName(shipped)), overwrite: true);
        }

        foreach (var (file, text) in more)
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }

        return folder;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

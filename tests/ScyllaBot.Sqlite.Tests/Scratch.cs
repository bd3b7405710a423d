using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite.Tests;

/// <summary>A directory of a test's own, removed with it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("scyllabot-store-");

    public string Database => PathOf("state/jobs.db");

    public string PathOf(string name) => Path.Combine(directory.FullName, name);

    /// <summary>Behind the store's back.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Schema.Execute(connection, sql);
    }

    public void Dispose() => directory.Delete(recursive: true);
}

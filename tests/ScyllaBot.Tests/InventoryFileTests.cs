using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Real;

namespace ScyllaBot.Tests;

public sealed class InventoryFileTests : IDisposable, ILogger<InventoryFile>
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"inventory-{Guid.NewGuid():n}.yaml");
    private readonly List<string> _said = [];

    [Fact]
    public void A_change_is_taken_up_and_what_a_job_was_bound_to_stays_as_it_was()
    {
        Write("run");
        var book = new InventoryBook(InventoryFile.Read(_path));
        using var file = new InventoryFile(_path, book, this);
        var bound = book.Current.Clusters[0];
        Assert.False(file.Look());

        Write("observe");
        Assert.True(file.Look());

        Assert.Equal((ClusterMode.Observe, ClusterMode.Run), (book.Current.Clusters[0].Mode, bound.Mode));
        Assert.Contains("changed: messages", Assert.Single(_said));
    }

    [Fact]
    public void A_change_with_mistakes_changes_nothing_and_is_told_once()
    {
        Write("run");
        var book = new InventoryBook(InventoryFile.Read(_path));
        using var file = new InventoryFile(_path, book, this);

        Write("runn");
        Assert.True(file.Look());
        Assert.False(file.Look());

        Assert.Equal(ClusterMode.Run, book.Current.Clusters[0].Mode);
        Assert.Contains("`mode` needs one of observe, step, run", Assert.Single(_said));
    }

    [Fact]
    public void A_file_that_vanishes_changes_nothing()
    {
        Write("run");
        var book = new InventoryBook(InventoryFile.Read(_path));
        using var file = new InventoryFile(_path, book, this);

        File.Delete(_path);
        Assert.True(file.Look());

        Assert.Single(book.Current.Clusters);
        Assert.Contains("can not be read", Assert.Single(_said));
    }

    [Fact]
    public void No_file_is_a_refused_start() =>
        Assert.Contains("can not be read", Assert.Throws<StartRefusedException>(() => InventoryFile.Read(_path)).Message);

    public void Dispose() => File.Delete(_path);

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Add(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel level) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    private void Write(string mode)
    {
        File.WriteAllText(_path, $$"""
            clusters:
              - name: messages
                environment: staging
                mode: {{mode}}
                nodes:
                  - {name: a, address: 10.0.0.1, host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, dc: d, rack: r}
            """);
    }
}

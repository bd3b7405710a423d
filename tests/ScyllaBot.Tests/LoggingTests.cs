using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Observe;
using ScyllaBot.Testing;
using Serilog.Extensions.Logging;

namespace ScyllaBot.Tests;

/// <summary>Real files.</summary>
public sealed class LoggingTests : IDisposable
{
    private const string Token = "MTA5ODc2NTQzMjEwOTg3NjU0Mw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB";
    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-logs-").FullName;

    [Fact]
    public void A_jobs_line_says_in_json_which_job_step_node_and_operator_it_is_of()
    {
        var jobs = new OpenJobs(new InMemoryJobStore());
        var id = new JobId("0000000001AAAAAA");
        jobs.Committed(Job.From(id, Journals.Life.Take(5)), []);
        Write(
            logs => new ProcessLogSink(logs.CreateLogger<ProcessLogSink>(), jobs).Write(new LogLine(Journals.Start, id.Value, "1.1", "alpha-a-1", "drained\nin 3 s")),
            ("Logs:Format", "json"));
        using var line = JsonDocument.Parse(Assert.Single(Lines()));
        var said = line.RootElement.GetProperty("Properties");
        Assert.Equal(
            (id.Value, "1.1", "alpha-a-1", "Ana"),
            (said.GetProperty("JobId").GetString(), said.GetProperty("Step").GetString(), said.GetProperty("Node").GetString(), said.GetProperty("Operator").GetString()));
        Assert.Equal("Information", line.RootElement.GetProperty("Level").GetString());
        Assert.Contains("drained", line.RootElement.GetProperty("RenderedMessage").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void No_secret_of_the_bot_reaches_the_log_in_a_message_a_property_or_an_exception(string format)
    {
        var file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "https://pager.example/hook/s3cr3t-s3cr3t\n");
        Write(
            logs =>
            {
                var log = logs.CreateLogger("test");
                log.LogInformation("sent with {Header}", $"Bot {Token}");
                log.LogError(new InvalidOperationException($"POST https://pager.example/hook/s3cr3t-s3cr3t with {Token}", new IOException(Token)), "it failed");
            },
            ("ScyllaBot:Discord:Token", Token), ("ScyllaBot:Calls:Pager", $"file:{file}"), ("Logs:Format", format));
        var text = string.Join('\n', Lines());
        Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", text, StringComparison.Ordinal);
        Assert.Contains($"POST {LogSecrets.Hidden} with {LogSecrets.Hidden}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer abcdefghijklmnop.1234567", "Authorization: Bearer [hidden]")]
    [InlineData("PUT /webhooks/123456789012345678/aBcDeFgHiJkLmNoPqRsT/messages/@original", "PUT /webhooks/123456789012345678/[hidden]/messages/@original")]
    [InlineData("POST /interactions/123/aW50ZXJhY3Rpb246MTIzNDU2/callback", "POST /interactions/123/[hidden]/callback")]
    [InlineData("https://ops:hunter2hunter2@prometheus.example/api", "https://ops:[hidden]@prometheus.example/api")]
    [InlineData("node alpha-a-1 at 10.0.1.1:10000 is UN", "node alpha-a-1 at 10.0.1.1:10000 is UN")]
    [InlineData("Bearer of bad news", "Bearer of bad news")]
    public void What_has_the_shape_of_a_secret_is_hidden_whosever_it_is(string said, string written) =>
        Assert.Equal(written, LogSecrets.Of(new ConfigurationBuilder().Build()).Without(said));

    [Fact]
    public void Files_are_capped_in_size_and_number()
    {
        Write(
            logs =>
            {
                var log = logs.CreateLogger("test");
                for (var i = 0; i < 5; i++)
                {
                    log.LogInformation("{Text}", new string('x', 1_100_000));
                }
            },
            ("Logs:MaxFileMegabytes", "1"), ("Logs:KeepFiles", "3"));
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData("Logs:Format", "xml", "Logs:Format must be text or json")]
    [InlineData("Logs:Level", "Loud", "Logs:Level must be")]
    [InlineData("Logs:KeepFiles", "0", "KeepFiles")]
    [InlineData("Logs:Fromat", "json", "did you mean Format?")]
    public void A_setting_that_means_nothing_is_a_refused_start(string name, string value, string says) =>
        Assert.Contains(says, Assert.Throws<StartRefusedException>(() => LogSettings.Of(Of((name, value)))).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IConfiguration Of(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    private void Write(Action<ILoggerFactory> what, params (string Name, string Value)[] settings)
    {
        using var logs = Logging.Create(Of([("Logs:Path", Path.Combine(_folder, "bot-.log")), .. settings]), console: false);
        using var factory = new SerilogLoggerFactory(logs);
        what(factory);
    }

    private IEnumerable<string> Lines() => Directory.GetFiles(_folder, "bot-*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).ToArray();
}

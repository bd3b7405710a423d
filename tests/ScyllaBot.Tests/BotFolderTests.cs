using Microsoft.Extensions.Configuration;
using ScyllaBot.Control;

namespace ScyllaBot.Tests;

/// <summary>Logs and state carry the lines of jobs: for the bot's user and group, whatever the umask.</summary>
public sealed class BotFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_log_is_0640_in_a_folder_of_0750_and_one_of_before_is_tightened()
    {
        var logs = Path.Combine(_folder, "var", "logs");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Logs:Path", (string?)Path.Combine(logs, "bot-.log"))]).Build();
        Line(configuration);
        var file = Assert.Single(Directory.GetFiles(logs));

        Assert.Equal((Mode("750"), Mode("750"), Mode("640")), (File.GetUnixFileMode(logs), File.GetUnixFileMode(Path.Combine(_folder, "var")), File.GetUnixFileMode(file)));

        File.SetUnixFileMode(file, Mode("644"));
        Line(configuration);

        Assert.Equal(Mode("640"), File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_folder_that_somebody_made_stays_as_it_is()
    {
        File.SetUnixFileMode(_folder, Mode("755"));
        BotFolder.Make(_folder);

        Assert.Equal(Mode("755"), File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void One_that_can_not_be_made_is_left_to_whoever_writes_into_it()
    {
        var file = Path.Combine(_folder, "a-file");
        File.WriteAllText(file, "");
        BotFolder.Make(Path.Combine(file, "state"));

        Assert.False(Directory.Exists(Path.Combine(file, "state")));
    }

    [Theory]
    [InlineData("600", "750")]
    [InlineData("660", "750")]
    [InlineData("666", "751")]
    public void Whoever_may_connect_to_the_socket_comes_through_the_folder_that_was_made_for_it(string socket, string folder)
    {
        var made = Path.Combine(_folder, "run", "bot");
        using (ControlSocketFile.Bind(Path.Combine(made, "c.sock"), Mode(socket)))
        {
            Assert.Equal((Mode(folder), Mode(folder)), (File.GetUnixFileMode(made), File.GetUnixFileMode(Path.Combine(_folder, "run"))));
        }
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static void Line(IConfiguration configuration)
    {
        using var logs = Logging.Create(configuration, console: false);
        logs.Information("a line");
    }
}

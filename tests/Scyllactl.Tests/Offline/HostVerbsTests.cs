using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Offline;

/// <summary>A program stands in for the host: it writes down what it was called with.</summary>
public sealed class HostVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ctl").FullName;

    public HostVerbsTests()
    {
        var host = Path.Combine(_folder, "host");
        File.WriteAllText(host, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$(dirname \"$0\")/called\"\nexit 7\n");
        File.SetUnixFileMode(host, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("doctor", "doctor --output text")]
    [InlineData("doctor -o json --cluster messages-prd --state s --workflows w", "doctor --output json --cluster messages-prd --state s --workflows w")]
    [InlineData("doctor -o json --cluster messages-prd", "doctor --output json --cluster messages-prd")]
    [InlineData("doctor --print-sudoers", "doctor --output text --print-sudoers")]
    [InlineData("inventory check inventory.yaml", "inventory check inventory.yaml")]
    [InlineData("inventory import --from-node 10.0.0.1 --name x", "inventory import --from-node 10.0.0.1 --name x")]
    public async Task The_host_program_is_run_with_the_same_words_and_its_exit_code_is_ours(string typed, string called)
    {
        var prompt = new Prompt { Folder = _folder, Variables = { ["SCYLLACTL_HOST"] = Path.Combine(_folder, "host") } };

        var said = await prompt.SayAsync(typed.Split(' '));

        Assert.Equal(7, said.Code);
        Assert.Equal(typed is "doctor" or "doctor -o json --cluster messages-prd" ? "No bot runs here: the host program looks, with the configuration that it finds.\n" : "", said.Errors);
        Assert.Equal(called.Split(' '), await File.ReadAllLinesAsync(Path.Combine(_folder, "called")));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("--cluster messages-prd", 1)]
    [InlineData("-o json", 1)]
    public async Task A_bot_that_runs_looks_itself_and_the_first_line_says_so(string more, int code)
    {
        var finding = DoctorFinding.Broken("halt-file", "it is\u001b[2J there", "an approver lifts it with /scp halt-all lift:true");
        await using var bot = (await FakeBot.StartAsync()).Ready()
            .Answers(ControlRoutes.Bot, new BotView("0.9", default, default, true, new MeView(new ScyllaBot.Core.Jobs.Person("os:a", "a"), ["read"]), 1, 0, null, null, null))
            .Answers(ControlRoutes.Doctor, new DoctorReport([finding, DoctorFinding.Ok("reach", "ssh lets the bot in") with { Cluster = "messages-prd", Node = "n1" }]));

        var said = await new Prompt(bot.Socket) { Folder = _folder, Variables = { ["SCYLLACTL_HOST"] = Path.Combine(_folder, "host") } }
            .SayAsync(["doctor", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((code, "The running bot looks (ScyllaBot 0.9, in its sandbox), with what it runs with.\n"), (said.Code, said.Errors));
        Assert.False(File.Exists(Path.Combine(_folder, "called")));
        Assert.Equal(more.StartsWith("--cluster", StringComparison.Ordinal) ? "/v1/doctor?cluster=messages-prd" : "/v1/doctor", bot.Asked.Last().Url);
        if (more == "-o json")
        {
            using var json = System.Text.Json.JsonDocument.Parse(said.Out);
            Assert.Equal((false, 2), (json.RootElement.GetProperty("isWell").GetBoolean(), json.RootElement.GetProperty("findings").GetArrayLength()));
            return;
        }

        Assert.Contains("✗ halt-file        it is[2J there\n      → an approver lifts it with `scyllactl halt-all --lift`\n", said.Out, StringComparison.Ordinal);
        Assert.EndsWith("1 broken, 1 well\n", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bot_that_does_not_let_the_caller_read_is_not_gone_around()
    {
        await using var bot = (await FakeBot.StartAsync()).Refuses(ControlRoutes.Bot, Problems.Forbidden, "you have no right here");

        var said = await new Prompt(bot.Socket) { Folder = _folder, Variables = { ["SCYLLACTL_HOST"] = Path.Combine(_folder, "host") } }.SayAsync("doctor");

        Assert.Equal(ExitCodes.NotAllowed, said.Code);
        Assert.False(File.Exists(Path.Combine(_folder, "called")));
    }

    [Fact]
    public async Task Help_never_writes_sudoers_in_place()
    {
        var said = await new Prompt { Folder = _folder }.SayAsync("doctor", "--help");

        Assert.DoesNotContain("> /etc/sudoers.d", said.Out, StringComparison.Ordinal);
        Assert.Contains("--print-sudoers > scyllabot.sudoers && visudo -cf scyllabot.sudoers", said.Out, StringComparison.Ordinal);
        Assert.Contains("on the bot's host", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_host_program_it_says_where_it_looked()
    {
        var said = await new Prompt { Folder = _folder }.SayAsync("doctor");

        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("SCYLLACTL_HOST", said.Errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Tests.Control;

/// <summary>Who asks, and what they may (R21).</summary>
public sealed class IdentityTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(Rights.None)]
    [InlineData(Rights.Read)]
    [InlineData(Rights.Read | Rights.Operate)]
    [InlineData(Rights.Read | Rights.Approve)]
    [InlineData(Rights.Read | Rights.Operate | Rights.Approve)]
    public async Task R21_each_route_with_each_right_is_refused_below_its_right_and_on_record(Rights rights)
    {
        var words = rights.ToString().ToLowerInvariant().Split(", ");
        await using var rig = await ControlRig.StartAsync(
            [.. words.Select((w, i) => ($"Users:{ControlRig.Self}:{i}", w)), ($"ChatIds:{ControlRig.Self}", "none")]);
        foreach (var route in ControlRoutes.All.Where(r => !r.IsStream && r != ControlRoutes.Start))
        {
            var (before, asked) = (rig.Control.Audit.Length, rig.Control.Asked.Length);
            var (status, json) = await rig.SendAsync(RouteSamples.Of(route, ""));
            var may = rights.HasFlag(VerbRights.Of(route.Name)) && rights != Rights.None;
            Assert.True(status == (may ? 200 : 403), $"{route.Name} with {rights}: {status} {json}");
            if (!may)
            {
                Assert.Contains("ScyllaBot:Control:Users:" + ControlRig.Self, json.GetProperty("detail").GetString(), StringComparison.Ordinal);
                Assert.Equal(asked, rig.Control.Asked.Length);
            }

            // Whoever may nothing fills no record: once a minute is enough.
            var isOnRecord = may ? route.Method == "POST" : rights != Rights.None || before == 0;
            Assert.Equal(before + (isOnRecord ? 1 : 0), rig.Control.Audit.Length);
        }

        Assert.All(rig.Control.Audit.Where(a => !rights.HasFlag(Rights.Read)), a => Assert.StartsWith("refused", a.Decision, StringComparison.Ordinal));
    }

    /// <summary>Everything that changes something needs more than to look, but for what stops and what the engine itself asks rights for.</summary>
    [Fact]
    public void R21_the_table_says_for_every_post_what_it_needs() => Assert.Equal(
        "plan Read, plan-task Read, start Operate, pause Read, resume Operate, retry Operate, skip Operate, abort Operate, restore Operate, acknowledge Read, "
        + "decide Read, break-glass Read, answer Operate, owner Operate, tune Operate, handback Operate, unlock Approve, "
        + "unlock-cluster Approve, way-out Operate, rejoin Operate, takeover Operate, halt-all Read, lift Approve, pay Operate",
        string.Join(", ", ControlRoutes.All.Where(r => r.Method == "POST").Select(r => $"{r.Name} {VerbRights.Of(r.Name)}")));

    [Fact]
    public async Task The_bots_own_user_reads_and_operates_unless_it_is_said_otherwise()
    {
        await using var rig = await ControlRig.StartAsync();
        var me = (await rig.GetAsync(ControlRoutes.Bot.Url())).Json.GetProperty("me");
        Assert.Equal($"os:{ControlRig.Self}", me.GetProperty("person").GetProperty("id").GetString());
        Assert.Equal(["read", "operate"], me.GetProperty("rights").EnumerateArray().Select(r => r.GetString()!));
    }

    [RootFact]
    public async Task Another_user_may_nothing_until_the_settings_name_them()
    {
        var name = $"#{OtherUser.Nameless}";
        await using var rig = await ControlRig.StartAsync(("SocketMode", "0666"));
        Open(rig);
        using var http = ControlRig.Client(_ => OtherUser.ConnectAsync(rig.Listen.Socket!, OtherUser.Nameless).GetAwaiter().GetResult());
        var (status, json) = await ControlRig.SendAsync(http, new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Bot.Url()));
        Assert.Equal(403, status);
        Assert.Contains($"{name} has no right here. Whoever runs the bot can grant more: ScyllaBot:Control:Users:{name}", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal($"os:{name}", Assert.Single(rig.Control.Audit).By.Person.Id);

        await using var open = await ControlRig.StartAsync(("SocketMode", "0666"), ($"Users:{name}:0", "read"), ($"ChatIds:{name}", "1100000000000000201"));
        Open(open);
        using var known = ControlRig.Client(_ => OtherUser.ConnectAsync(open.Listen.Socket!, OtherUser.Nameless).GetAwaiter().GetResult());
        (status, json) = await ControlRig.SendAsync(known, new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Bot.Url()));
        Assert.Equal((200, "1100000000000000201"), (status, json.GetProperty("me").GetProperty("person").GetProperty("id").GetString()));
    }

    [RootFact]
    public async Task Nobody_else_may_connect_to_a_socket_of_the_default_mode()
    {
        await using var rig = await ControlRig.StartAsync();
        Open(rig);
        var refused = await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => OtherUser.ConnectAsync(rig.Listen.Socket!, OtherUser.Nameless));
        Assert.Equal(System.Net.Sockets.SocketError.AccessDenied, refused.SocketErrorCode);
    }

    [Fact]
    public async Task On_loopback_the_token_names_its_user_and_without_one_nobody_gets_anywhere()
    {
        using var file = new TokenFile($"# comment\n\nalice {Token}\nbob {Token}b\n");
        await using var rig = await ControlRig.StartAsync(("Listen", "127.0.0.1:0"), ("TokenFile", file.Path), ("Users:alice:0", "operate"), ("ChatIds:alice", "none"));
        using var http = new HttpClient { BaseAddress = rig.Endpoint.Tcp };
        Assert.Equal(401, (await AskAsync(http, null)).Status);
        Assert.Equal(401, (await AskAsync(http, new AuthenticationHeaderValue("Bearer", Token + "c"))).Status);
        Assert.Equal(401, (await AskAsync(http, new AuthenticationHeaderValue("Basic", Token))).Status);
        var (status, json) = await AskAsync(http, new AuthenticationHeaderValue("Bearer", Token));
        Assert.Equal((200, "os:alice"), (status, json.GetProperty("me").GetProperty("person").GetProperty("id").GetString()));
        Assert.Equal(403, (await AskAsync(http, new AuthenticationHeaderValue("Bearer", Token + "b"))).Status);
        Assert.Equal(["unknown", "os:bob"], rig.Control.Audit.Select(a => a.By.Person.Id));

        // A token is no one's on the socket: there the kernel says who asks.
        var onSocket = new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Bot.Url()) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        Assert.Equal($"os:{ControlRig.Self}", (await rig.SendAsync(onSocket)).Json.GetProperty("me").GetProperty("person").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("0.0.0.0:7410", "never open to the network")]
    [InlineData("10.0.0.1:7410", "never open to the network")]
    [InlineData("localhost:7410", "loopback address with a port")]
    [InlineData("127.0.0.1", "loopback address with a port")]
    [InlineData("127.0.0.1:7410", "needs ScyllaBot:Control:TokenFile")]
    public void It_never_listens_beyond_loopback_nor_without_a_token(string listen, string says) =>
        Assert.Contains(says, Refused(("Listen", listen)), StringComparison.Ordinal);

    [Theory]
    [InlineData("alice short", "Line 1 of the token file")]
    [InlineData("", "holds no line")]
    [InlineData("alice " + Token + " more", "Line 1 of the token file")]
    public void A_token_file_that_is_none_is_refused(string text, string says)
    {
        using var file = new TokenFile(text);
        Assert.Contains(says, Refused(("Listen", "127.0.0.1:0"), ("TokenFile", file.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_file_that_others_can_read_is_refused()
    {
        using var file = new TokenFile($"alice {Token}");
        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Refused(("Listen", "127.0.0.1:0"), ("TokenFile", file.Path)), StringComparison.Ordinal);
        Assert.Contains("can not be read", Refused(("Listen", "127.0.0.1:0"), ("TokenFile", "/nowhere/token")), StringComparison.Ordinal);
    }

    [Fact]
    public void R16_an_approver_says_who_they_are_in_chat()
    {
        Assert.Contains("ScyllaBot:Control:ChatIds:alice", Refused(("Users:alice:0", "approve")), StringComparison.Ordinal);
        Assert.Contains("there are read, operate, approve and none", Refused(("Users:alice:0", "admin")), StringComparison.Ordinal);
        Assert.Contains("the id of a person in chat", Refused(("Users:alice:0", "approve"), ("ChatIds:alice", "mara")), StringComparison.Ordinal);
        var users = ControlUsers.Of(ControlRig.Settings(("Users:alice:0", "approve"), ("ChatIds:alice", "1100000000000000201"), ("Users:bob:0", "approve"), ("ChatIds:bob", "none")), "scyllabot");
        Assert.Equal(new Person("1100000000000000201", "os:alice"), users.PersonOf("alice"));
        Assert.Equal(new Person("os:bob", "os:bob"), users.PersonOf("bob"));
        Assert.Equal((Rights.Read | Rights.Approve, Rights.Read | Rights.Operate, Rights.None), (users.RightsOf("alice"), users.RightsOf("scyllabot"), users.RightsOf("carol")));
        Assert.Equal("os:alice", Assert.Single(users.ActorOf("alice", "ops", "1").Roles));
    }

    [Fact]
    public void R16_an_operator_whom_the_settings_name_says_who_they_are_in_chat()
    {
        Assert.Contains("ScyllaBot:Control:Users:alice may operate or approve", Refused(("Users:alice:0", "read"), ("Users:alice:1", "operate")), StringComparison.Ordinal);
        Assert.Contains("ScyllaBot:Control:ChatIds:alice", Refused(("Users:alice:0", "operate"), ("ChatIds:bob", "none")), StringComparison.Ordinal);

        // Who only looks asks for nothing that anybody could approve.
        Assert.Equal(Rights.Read, ControlUsers.Of(ControlRig.Settings(("Users:alice:0", "read")), "scyllabot").RightsOf("alice"));
    }

    [Theory]
    [InlineData("root")]
    [InlineData("scyllabot")]
    public void R16_root_and_the_bots_own_user_operate_unnamed_and_say_who_they_are_once_they_are_named(string user)
    {
        var unnamed = ControlUsers.Of(ControlRig.Settings(), "scyllabot");
        Assert.Equal((Rights.Read | Rights.Operate, $"os:{user}"), (unnamed.RightsOf(user), unnamed.PersonOf(user).Id));
        Assert.Equal("42", ControlUsers.Of(ControlRig.Settings(($"ChatIds:{user}", "42")), "scyllabot").PersonOf(user).Id);

        var settings = ControlRig.Settings(($"Users:{user}:0", "operate"));
        Assert.Contains($"ScyllaBot:Control:ChatIds:{user}", Assert.Throws<StartRefusedException>(() => ControlUsers.Of(settings, "scyllabot")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R16_what_an_operator_asks_here_is_asked_by_their_account_in_chat()
    {
        await using var rig = await ControlRig.StartAsync(($"Users:{ControlRig.Self}:0", "operate"), ($"ChatIds:{ControlRig.Self}", "1100000000000000201"));
        Assert.Equal(200, (await rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]))).Status);
        Assert.Equal(new Person("1100000000000000201", $"os:{ControlRig.Self}"), Assert.Single(rig.Control.Asked).By.Person);
        Assert.Equal("1100000000000000201", Assert.Single(rig.Control.Audit).By.Person.Id);
    }

    [Fact]
    public void Root_can_be_given_no_right_at_all_but_not_by_a_list_that_would_be_overlooked()
    {
        Assert.Equal(Rights.None, ControlUsers.Of(ControlRig.Settings(("Users:root:0", "none")), "scyllabot").RightsOf("root"));
        using var json = new MemoryStream("""{ "ScyllaBot": { "Control": { "Users": { "root": [] } } } }"""u8.ToArray());
        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Settings(new ConfigurationBuilder().AddJsonStream(json).Build()));
        Assert.Contains("ScyllaBot:Control:Users:root names no right in a list", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_handed_over_to_a_user_of_the_endpoint_only()
    {
        await using var rig = await ControlRig.StartAsync(("Users:alice:0", "operate"), ("ChatIds:alice", "42"));
        var url = ControlRoutes.Owner.Url([NotedControl.KnownJob.Value]);
        Assert.Equal(409, (await rig.PostAsync(url, new OwnerForm("carol"))).Status);
        Assert.Equal(200, (await rig.PostAsync(url, new OwnerForm("alice"))).Status);
        Assert.Contains("Person { Id = 42, Name = os:alice } Read, Operate", Assert.Single(rig.Control.Asked).Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_others_add_asks_for_a_right_unless_it_says_that_anybody_may()
    {
        await using var rig = await ControlRig.StartAsync(null, services => services.Add(new(typeof(IControlRoutes), new HealthLikeRoutes())), ($"Users:{ControlRig.Self}:0", "none"));
        Assert.Equal("well", await rig.Http.GetStringAsync("/healthlike"));
        Assert.Equal(403, (await rig.GetAsync("/private")).Status);
    }

    internal static string Refused(params (string Key, string Value)[] settings) =>
        Assert.Throws<StartRefusedException>(() => ControlListen.Of(ControlRig.Settings(settings), "/tmp")).Message;

    private static void Open(ControlRig rig) => File.SetUnixFileMode(
        rig.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    private static Task<(int Status, System.Text.Json.JsonElement Json)> AskAsync(HttpClient http, AuthenticationHeaderValue? authorization) =>
        ControlRig.SendAsync(http, new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Bot.Url()) { Headers = { Authorization = authorization } });

    private sealed class TokenFile : IDisposable
    {
        public TokenFile(string text)
        {
            File.WriteAllText(Path, text);
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}

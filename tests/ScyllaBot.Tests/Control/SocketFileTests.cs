using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Tests.Control;

public sealed class SocketFileTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-sock-").FullName;

    private string Path => System.IO.Path.Combine(_folder, ControlRoutes.SocketName);

    [Theory]
    [InlineData("0600", Owner)]
    [InlineData("0660", Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public void It_has_the_mode_that_is_configured(string mode, UnixFileMode expected)
    {
        using var socket = ControlSocketFile.Bind(Path, ControlListen.Of(ControlRig.Settings(("SocketMode", mode)), _folder)!.Mode);
        Assert.Equal(expected, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task It_is_gone_when_the_endpoint_has_stopped()
    {
        var rig = await ControlRig.StartAsync();
        var path = rig.Listen.Socket!;
        Assert.True(File.Exists(path));
        await rig.Endpoint.StopAsync(default);
        Assert.False(File.Exists(path));
        await rig.DisposeAsync();
    }

    [Fact]
    public void One_that_a_dead_bot_left_is_replaced()
    {
        // A copy under another name stays behind, as after a kill.
        var aside = System.IO.Path.Combine(_folder, "aside");
        using (var dead = ControlSocketFile.Bind(aside, Owner))
        {
            File.Move(aside, Path);
        }

        Assert.True(File.Exists(Path));
        using var socket = ControlSocketFile.Bind(Path, Owner);
        socket.Listen();
        using var client = ControlRig.Connect(Path);
        Assert.True(client.Connected);
    }

    [Fact]
    public void One_that_somebody_listens_on_is_left_alone()
    {
        using var other = ControlSocketFile.Bind(Path, Owner);
        other.Listen();
        Assert.Contains("Somebody listens", Refused(), StringComparison.Ordinal);
        using var client = ControlRig.Connect(Path);
        Assert.True(client.Connected);
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        File.WriteAllText(Path, "notes");
        Assert.Contains("is no socket", Refused(), StringComparison.Ordinal);
        File.Delete(Path);
        File.CreateSymbolicLink(Path, "/nowhere");
        Assert.Contains("is no socket", Refused(), StringComparison.Ordinal);
        File.Delete(Path);
        Directory.CreateDirectory(Path);
        Assert.Contains("is no socket", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_everybody_writes_in_is_refused()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("0777", 8));
        Assert.Contains("Everybody may write", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_we_may_not_make_is_refused_in_words()
    {
        var closed = Directory.CreateDirectory(System.IO.Path.Combine(_folder, "closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;
        var path = System.IO.Path.Combine(closed, "run", ControlRoutes.SocketName);

        var refused = Assert.Throws<StartRefusedException>(() => OtherUser.Unprivileged(() => ControlSocketFile.Bind(path, Owner).Dispose()));

        Assert.StartsWith($"The folder of the control socket {path} can not be made or looked at: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ScyllaBot:Control:Socket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_the_system_does_not_give_us_is_refused()
    {
        // Of the networks for documentation: nobody's own. A privileged port comes the same way, but not for root.
        await using var rig = await ControlRig.StartAsync();
        var listen = rig.Listen with { Socket = null, Tcp = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 7410) };
        var endpoint = new ControlEndpoint(
            listen, rig.Service<ControlPipeline>(), rig.Service<WatchStream>(), [], NullLoggerFactory.Instance, NullLogger<ControlEndpoint>.Instance);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => endpoint.StartAsync(default));

        Assert.StartsWith("The control endpoint can not listen: ", refused.Message, StringComparison.Ordinal);
        await endpoint.StopAsync(default);
    }

    [Fact]
    public void An_empty_setting_is_the_default() =>
        Assert.Equal(Path, ControlListen.Of(ControlRig.Settings(("Socket", ""), ("Listen", "")), _folder)!.Socket);

    [Fact]
    public void A_path_that_is_too_long_is_refused_before_anything_starts()
    {
        var refused = IdentityTests.Refused(("Socket", "/tmp/" + new string('x', 110)));
        Assert.Contains("a path of 115 bytes; a Unix socket has room for 107", refused, StringComparison.Ordinal);
        Assert.Equal(107, ControlSocketFile.Checked("/" + new string('x', 106)).Length);
    }

    [Fact]
    public void Without_it_there_is_no_endpoint() => Assert.Null(ControlListen.Of(ControlRig.Settings(("Enabled", "false"), ("Listen", "nonsense")), _folder));

    [Fact]
    public async Task A_channel_that_chat_does_not_have_is_refused()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => ControlRig.StartAsync(("Channel", "nowhere")));
        Assert.Contains("ScyllaBot:Control:Channel is nowhere, which is no channel of ScyllaBot:Discord:Channels: dba, ops.", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refused() => Assert.Throws<StartRefusedException>(() => ControlSocketFile.Bind(Path, Owner)).Message;
}

using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Clients;

/// <summary>What programs on a node print, and what is made of its files.</summary>
public sealed class NodeTextTests
{
    [Fact]
    public void Dnf_and_yum_spell_things_their_own_way()
    {
        var dnf = new PackageTool.Rpm("dnf");
        Assert.Equal("dnf -y -q install scylla-2026.2.6", string.Join(' ', dnf.Install([("scylla", "2026.2.6")], downgrade: false)));
        Assert.Equal("dnf -y -q downgrade scylla-2026.2.6", string.Join(' ', dnf.Install([("scylla", "2026.2.6")], downgrade: true)));
        Assert.Equal("dnf -q versionlock delete scylla", string.Join(' ', dnf.Hold(["scylla"], on: false)));
        Assert.Equal(["scylla-server", "scylla"], dnf.ReadHeld("scylla-server-0:2026.2.6-0.2.*\n0:scylla-2026.2.6-0.2.*\nLast metadata check"));
        Assert.Equal("2026.2.6-0.2", dnf.ReadInstalled("scylla 2026.2.6-0.2\npackage nope is not installed")["scylla"]);
        Assert.True(dnf.Is("2026.2.6-0.2", "2026.2.6") && dnf.Is("2026.2.6-0.2", "2026.2.6-0.2") && !dnf.Is("2026.2.61-0.2", "2026.2.6"));
    }

    [Fact]
    public void Of_dpkg_only_what_is_installed_counts()
    {
        var found = new PackageTool.Apt().ReadInstalled("scylla installed 6.2.0-0\nold config-files 1.0\ndpkg-query: no packages found matching nope");
        Assert.Equal(["scylla"], found.Keys);
    }

    [Theory]
    [InlineData("A9,x,4,1795354692.1,-0.250000000,0.0,0.0,-9.2,0.0,0.01,0.0003,0.0001,16.2,Normal", 250.0)]
    [InlineData("7F7F0101,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised", null)]
    [InlineData("506 Cannot talk to daemon", null)]
    public void Chrony_tells_the_offset_or_that_it_has_none(string csv, double? milliseconds) =>
        Assert.Equal(milliseconds, Clock.OfChrony(csv)?.Offset.TotalMilliseconds);

    [Theory]
    [InlineData("       Server: 1.2.3.4\n       Offset: -1.500ms\n        Delay: 20ms", 1.5)]
    [InlineData("Offset: +250us", 0.25)]
    [InlineData("Offset: 2s", 2000.0)]
    [InlineData("Packet count: 0", null)]
    public void Timesyncd_tells_it_with_a_unit(string status, double? milliseconds) =>
        Assert.Equal(milliseconds, Clock.OfTimesync(status)?.Offset.TotalMilliseconds);

    [Fact]
    public void Df_counts_what_can_be_used()
    {
        const string Real = "Filesystem     1024-blocks     Used Available Capacity Mounted on\noverlay          264212084 18085628  78692344      19% /\n";
        Assert.Equal(81.3, DiskFree.FreeOf(Real)!.Value, 1);
        Assert.Null(DiskFree.FreeOf("df: /nope: No such file or directory"));
    }

    [Fact]
    public void A_merge_changes_the_keys_and_nothing_else()
    {
        const string Before = "# head\ncluster_name: 'a' # ours\nseed_provider:\n    - class_name: X\n      parameters:\n          - seeds: \"1\"\n\n# about the port\napi_port: 10000\nlist:\n- a\n- b\nlast: 1\n";
        const string After = "# head\ncluster_name: 'a' # ours\nseed_provider:\n    - class_name: X\n      parameters:\n          - seeds: \"1\"\n\n# about the port\napi_port: 10001\nlist: [c]\nlast: 1\nnew_one: true\n";
        Assert.Equal(After, ScyllaYaml.Merge(Before, ConfigSetting.ParseAll(["api_port=10001", "list=[c]", "new_one=true"])));
        Assert.Equal(After, ScyllaYaml.Merge(After, ConfigSetting.ParseAll(["new_one=true"])));
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "says a twice")]
    [InlineData("a: [1\n", "is no YAML")]
    [InlineData("a: &x 1\n", "anchors")]
    public void A_file_that_is_not_understood_is_not_touched(string text, string why)
    {
        var no = Assert.Throws<UnrecoverableException>(() => ScyllaYaml.Merge(text, ConfigSetting.ParseAll(["b=1"])));
        Assert.Contains(why, no.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_shows_the_lines_and_hides_secrets()
    {
        Assert.Equal("- b: 2|+ b: 3|+ x_token:***", string.Join("|", TextDiff.Of("a: 1\nb: 2\nc: 4", "a: 1\nb: 3\nx_token: abc\nc: 4")));
        Assert.Empty(TextDiff.Of("same", "same"));
        Assert.EndsWith("more lines", TextDiff.Of("", string.Join('\n', Enumerable.Range(0, 100)))[^1], StringComparison.Ordinal);
    }
}

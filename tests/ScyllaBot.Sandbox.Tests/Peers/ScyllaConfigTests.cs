using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Tests.Peers;

public sealed class ScyllaConfigTests
{
    private readonly ScyllaConfig _config = ScyllaConfig.Start("cluster_name: bed\ncompaction_throughput_mb_per_sec: 16 # MB/s\nseed_provider:\n  - class_name: x\n").Config!;

    [Fact]
    public void A_reload_takes_live_options_and_leaves_the_others()
    {
        var lines = _config.Reload("cluster_name: other\ncompaction_throughput_mb_per_sec: 64\nauto_snapshot: false\n");

        Assert.Equal("re-reading configuration file|completed re-reading configuration file", string.Join('|', lines));
        Assert.Equal(("64", "\"bed\"", "false"), (_config.Json("compaction_throughput_mb_per_sec"), _config.Json("cluster_name"), _config.Json("auto_snapshot")));
    }

    [Fact]
    public void A_value_that_does_not_convert_is_an_error_line_within_a_reload_that_completes()
    {
        var lines = _config.Reload("compaction_throughput_mb_per_sec: fast\nno_such_option: 1\n");

        Assert.Equal("error: bad conversion : compaction_throughput_mb_per_sec", lines[1]);
        Assert.Equal("warning: Unknown option : no_such_option", lines[2]);
        Assert.Equal("completed re-reading configuration file", lines[^1]);
        Assert.Equal("16", _config.Json("compaction_throughput_mb_per_sec"));
    }

    [Fact]
    public void A_file_that_is_no_yaml_changes_nothing_and_stops_a_start()
    {
        const string Broken = "compaction_throughput_mb_per_sec: 64\nnot yaml at all\n";

        Assert.Equal("failed to re-read configuration file: yaml-cpp: error at line 2, column 1: illegal map value", _config.Reload(Broken)[^1]);
        Assert.Equal("16", _config.Json("compaction_throughput_mb_per_sec"));
        Assert.Null(ScyllaConfig.Start(Broken).Config);
        Assert.Null(_config.Json("no_such_option"));
    }

    [Theory]
    [InlineData("one 10.0.0.1 east", "line 1")]
    [InlineData("# all\none 10.0.0.1 east a\none 10.0.0.2 east b", "one is there twice")]
    public void What_is_wrong_with_the_members_is_said(string text, string said) =>
        Assert.Contains(said, Member.Read(text).Error, StringComparison.Ordinal);
}

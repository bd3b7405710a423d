using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Os;

public sealed class OsConditionTests
{
    [Theory]
    [InlineData("!service-active {service: scylla-server}"), InlineData("!ssh-reachable"), InlineData("!clock-in-sync"), InlineData("!disk-free")]
    [InlineData("!mounts-present"), InlineData("!data-directory-is {expected: filled}")]
    [InlineData("!config-is {settings: [num_tokens=4, \"data_file_directories=[/var/lib/scylla/data]\", auto_snapshot=true]}")]
    public void Hold_on_a_healthy_node(string condition)
    {
        using var job = Waiting(condition).Well();
    }

    [Theory]
    [InlineData("!service-active {service: scylla-fstrim.timer}", "scylla-fstrim.timer is inactive on b1")]
    [InlineData("!clock-in-sync", "the clock of b1 is off by up to 350 ms by chrony, not below 100 ms")]
    [InlineData("!disk-free", "10 % of /var/lib/scylla on b1 are free, less than 15 %")]
    [InlineData("!mounts-present", "nothing is mounted at /var/lib/scylla on b1")]
    [InlineData("!data-directory-is {expected: filled}", "/var/lib/scylla/data on b1 is empty: its data is gone")]
    [InlineData("!config-is {settings: [num_tokens=256]}", "num_tokens is 4 on b1, not 256")]
    public void Say_with_names_and_numbers_what_is_missing(string condition, string why)
    {
        using var job = Waiting(condition);
        job.Machine.ClockOffset = -0.35;
        job.Machine.Files.DiskUsed = 0.9;
        job.Machine.Files.Mounts.Clear();
        job.Machine.Files.BeginWithoutData();
        job.Bed.World.Agenda.Run(() => job.Machine.Units.Turn("scylla-fstrim.timer", on: false, Cause.Nobody));
        Assert.Contains(why, job.Halt(), StringComparison.Ordinal);
    }

    [Fact]
    public void R28_without_a_time_daemon_the_clock_is_compared_with_the_bots()
    {
        using var well = Waiting("!clock-in-sync");
        well.Machine.HasChrony = false;
        well.Well();

        using var off = Waiting("!clock-in-sync");
        (off.Machine.HasChrony, off.Machine.ClockOffset) = (false, 3);
        Assert.Contains("by the bot's own clock", off.Halt(), StringComparison.Ordinal);
    }

    private static OsJob Waiting(string condition) =>
        new($"- task: !wait-for-conditions\n    conditions:\n      - condition: {condition}\n        timeout_seconds: 20");
}

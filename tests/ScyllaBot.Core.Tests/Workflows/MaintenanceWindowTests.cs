using System.Globalization;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>When nodes may be taken down: pure calendar arithmetic.</summary>
public sealed class MaintenanceWindowTests
{
    private static readonly MaintenanceWindow Nights = new() { Days = [Weekday.Mon, Weekday.Fri], From = "22:00", To = "04:00" };

    [Theory]
    [InlineData("2026-11-23T21:59:59Z", null)] // A Monday.
    [InlineData("2026-11-23T22:00:00Z", "2026-11-24T04:00:00Z")]
    [InlineData("2026-11-24T03:59:59Z", "2026-11-24T04:00:00Z")]
    [InlineData("2026-11-24T04:00:00Z", null)]
    [InlineData("2026-11-24T22:30:00Z", null)] // Tuesday night is no Monday night.
    [InlineData("2026-11-28T01:00:00Z", "2026-11-28T04:00:00Z")] // Friday's, on Saturday.
    public void It_belongs_to_the_day_it_opens_on_and_goes_past_midnight(string now, string? closes) =>
        Assert.Equal(closes is null ? null : At(closes), Nights.ClosesAfter(At(now)));

    [Theory]
    [InlineData("2026-11-23T21:00:00Z", "2026-11-23T22:00:00Z")]
    [InlineData("2026-11-23T22:00:00Z", "2026-11-27T22:00:00Z")]
    [InlineData("2026-11-28T12:00:00Z", "2026-11-30T22:00:00Z")]
    public void It_opens_next_on_the_next_of_its_days(string now, string opens) => Assert.Equal(At(opens), Nights.OpensAfter(At(now)));

    [Fact]
    public void Every_day_from_midnight_to_midnight_is_always()
    {
        var always = new MaintenanceWindow { From = "00:00", To = "24:00" };
        var start = At("2026-03-27T00:00:00Z");
        Assert.All(Enumerable.Range(0, 96 * 3), i => Assert.NotNull(always.ClosesAfter(start.AddMinutes(15 * i))));
    }

    [Fact]
    public void One_day_a_week_opens_again_in_a_week()
    {
        var sunday = new MaintenanceWindow { Days = [Weekday.Sun], From = "02:00", To = "03:00" };
        Assert.Equal(At("2026-11-29T02:00:00Z"), sunday.OpensAfter(At("2026-11-22T02:00:00Z")));
    }

    /// <summary>Berlin sets its clocks forward at 2026-03-29T01:00Z (02:00 → 03:00) and back at 2026-10-25T01:00Z (03:00 → 02:00).</summary>
    [Theory]
    [InlineData("22:00", "04:00", "2026-03-28T21:00:00Z", "2026-03-29T02:00:00Z")] // Five hours long that night.
    [InlineData("22:00", "04:00", "2026-10-24T20:00:00Z", "2026-10-25T03:00:00Z")] // Seven.
    [InlineData("02:30", "05:00", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z")] // 02:30 never comes: from the change on.
    [InlineData("01:00", "02:30", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("02:15", "02:45", "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z")] // Both come twice: the first time.
    [InlineData("12:00", "13:00", "2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z")]
    [InlineData("12:00", "13:00", "2026-12-01T11:00:00Z", "2026-12-01T12:00:00Z")]
    public void It_goes_by_the_clocks_of_its_time_zone_when_they_change_too(string from, string to, string opens, string closes)
    {
        var window = new MaintenanceWindow { From = from, To = to, TimeZone = "Europe/Berlin" };
        Assert.Equal(At(opens), window.OpensAfter(At(opens).AddMinutes(-20)));
        Assert.Null(window.ClosesAfter(At(opens).AddSeconds(-1)));
        Assert.Equal(At(closes), window.ClosesAfter(At(opens)));
        Assert.Null(window.ClosesAfter(At(closes)));
    }

    [Fact]
    public void A_window_that_the_change_of_clocks_swallows_is_left_out()
    {
        var window = new MaintenanceWindow { From = "02:10", To = "02:50", TimeZone = "Europe/Berlin" };
        Assert.Equal(At("2026-03-30T00:10:00Z"), window.OpensAfter(At("2026-03-28T12:00:00Z")));
    }

    [Fact]
    public void Of_several_windows_the_next_is_named_with_how_long_it_is_until_then()
    {
        MaintenanceWindow[] windows = [Nights, new() { Days = [Weekday.Mon], From = "12:00", To = "12:30" }];
        Assert.Null(MaintenanceWindows.WhyNot([], At("2026-11-23T09:00:00Z")));
        Assert.Null(MaintenanceWindows.WhyNot(windows, At("2026-11-23T12:10:00Z")));
        Assert.Equal(("outside the window, opens in 3 h 20 min (Mon 12:00 UTC)", TimeSpan.FromMinutes(200)), MaintenanceWindows.WhyNot(windows, At("2026-11-23T08:40:00Z")));
        Assert.Equal("outside the window, opens in 3 d 9 h 30 min (Fri 22:00 UTC)", MaintenanceWindows.WhyNot(windows, At("2026-11-24T12:30:00Z"))?.Why);
    }

    [Theory]
    [InlineData("from: \"9:00\"\n    to: \"10:00\"", "`from` must look like ([01][0-9]|2[0-3]):[0-5][0-9], not \"9:00\"")]
    [InlineData("from: 22:00\n    to: 22:00", "a window from 22:00 to 22:00 says nothing: for the whole day write from \"00:00\" to \"24:00\"")]
    [InlineData("from: 22:00\n    to: 04:00\n    time_zone: Europe/Berlinn", "there is no time zone Europe/Berlinn")]
    [InlineData("from: 22:00\n    to: 04:00\n    days: [monday]", "`days` needs one of sun, mon, tue, wed, thu, fri, sat, not \"monday\"")]
    public void What_is_no_window_is_told(string window, string message) =>
        Assert.Equal(message, Written.TheError($"name: n\ncluster_tasks:\n  - task: !quiesce-topology\nwindow:\n  - {window}\n").Message);

    [Fact]
    public void A_workflow_has_several()
    {
        var text = "name: n\ncluster_tasks:\n  - task: !quiesce-topology\nwindow:\n  - from: 22:00\n    to: 04:00\n    days: [mon, tue]\n  - from: \"00:00\"\n    to: \"24:00\"\n    time_zone: Asia/Tokyo\n";
        Assert.Equal([(2, "UTC"), (0, "Asia/Tokyo")], Written.Loaded(text).Workflow.Window.Select(w => (w.Days.Count, w.TimeZone)));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

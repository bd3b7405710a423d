using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Tests;

/// <summary>R7, R9, R10: the numbers are settings, and a secret address is never one of them.</summary>
public sealed class CallOptionsTests
{
    [Fact]
    public void R7_without_settings_the_rules_own_numbers_hold()
    {
        Assert.Equal(new CallSettings(), Of().Calls.ToSettings());
        Assert.Null(Of().Calls.PagerUrl);
        Assert.Null(Of().Heartbeat.Target);
    }

    [Fact]
    public void R7_every_number_can_be_set_and_a_cluster_has_the_last_word()
    {
        var calls = Of(("Calls:AfterMinutes", "20"), ("Calls:AfterDownMinutes", "4"), ("Calls:EveryMinutes", "60"), ("Calls:ChatLost", "hold_after"),
            ("Calls:ChatLostAfterMinutes", "5"), ("Calls:Pager", "env:PAGER_URL")).Calls;
        Assert.Equal("env:PAGER_URL", calls.PagerUrl!.Text);
        var cluster = new Cluster("a", ClusterEnvironment.Staging, ClusterMode.Run, []);
        var settings = calls.ToSettings().For(cluster);
        Assert.Equal((20, 4, 60, ChatLost.HoldAfter, 5), (settings.After.TotalMinutes, settings.AfterDown.TotalMinutes, settings.Every.TotalMinutes, settings.WhenChatIsLost, settings.ChatLostAfter.TotalMinutes));

        var own = calls.ToSettings().For(cluster with { Calls = new ClusterCalls(TimeSpan.FromMinutes(1), null, null, ChatLost.GoOn, null) });
        Assert.Equal((1, 4, ChatLost.GoOn), (own.After.TotalMinutes, own.AfterDown.TotalMinutes, own.WhenChatIsLost));
    }

    [Theory]
    [InlineData(ClusterEnvironment.Production, ChatLost.HoldAfter)]
    [InlineData(ClusterEnvironment.Staging, ChatLost.GoOn)]
    [InlineData(ClusterEnvironment.Sandbox, ChatLost.GoOn)]
    public void R9_production_holds_when_chat_is_lost_and_the_others_go_on(ClusterEnvironment environment, ChatLost expected) =>
        Assert.Equal(expected, new CallSettings().For(new Cluster("a", environment, ClusterMode.Run, [])).WhenChatIsLost);

    [Theory]
    [InlineData("Calls:Pager", "https://pager.example.org/T0P-s3cret", "Calls:Pager must say where the address is kept")]
    [InlineData("Heartbeat:Url", "https://beat.example.org/T0P-s3cret", "Heartbeat:Url must say where the address is kept")]
    [InlineData("Heartbeat:By", "pigeon", "By")]
    [InlineData("Heartbeat:EverySeconds", "0", "EverySeconds")]
    [InlineData("Calls:ChatLost", "panic", "ChatLost")]
    [InlineData("Calls:AfterMinutes", "0", "AfterMinutes")]
    [InlineData("Calls:Pagr", "env:X", "did you mean Pager?")]
    public void What_is_wrong_is_refused_at_the_start_and_a_secret_is_not_repeated(string key, string value, string says)
    {
        var refused = Assert.Throws<StartRefusedException>(() => Of((key, value)));
        Assert.Contains(says, refused.Message);
        Assert.DoesNotContain("s3cret", refused.Message);
    }

    private static HostSettings Of(params (string Key, string Value)[] settings) => StartChecks.Settings(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"ScyllaBot:{s.Key}", s.Value))).Build());
}

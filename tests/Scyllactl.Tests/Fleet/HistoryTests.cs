using ScyllaBot.Core.Control;
using Scyllactl.Fleet;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Fleet;

public sealed class HistoryTests
{
    [Theory]
    [InlineData("POST /v1/jobs/J/pause", "POST /v1/jobs/J/pause")]
    [InlineData("POST /v1/jobs/J/tune {\"limit\":1,\"stop_after\":null}", "POST /v1/jobs/J/tune limit=1")]
    [InlineData("POST /v1/jobs/J/abort {\"now\":true}", "POST /v1/jobs/J/abort now=true")]
    [InlineData(
        "POST /v1/plans {\"workflow\":\"w\",\"cluster\":\"c\",\"nodes\":[\"a\",\"b\"],\"zones\":[],\"variables\":{\"settle\":\"90\"},\"reason\":\"new flags\",\"only\":\"\"}",
        "POST /v1/plans workflow=w cluster=c nodes=a,b settle=90 reason=\"new flags\"")]
    [InlineData("POST /v1/plans {\"workflow\":\"w\",\"reason\":\"it is cut he…", "POST /v1/plans workflow=w …")]
    [InlineData("POST /v1/plans {not json}", "POST /v1/plans {not json}")]
    [InlineData("/scp pause job:J {x}", "/scp pause job:J {x}")]
    public void A_requests_body_is_said_in_words(string recorded, string words) => Assert.Equal(words, RequestInWords.Of(recorded));

    [Fact]
    public async Task Each_line_says_who_asked_for_what_and_what_came_of_it()
    {
        await using var bot = await FakeBot.StartAsync();
        bot.Answers(ControlRoutes.History, new AuditList([new(1, Samples.At, Samples.Mara, "control", "POST /v1/jobs/J/retry {\"extend\":false}", "done: It tries again.")]));

        var said = await new Prompt(bot.Socket).SayAsync("history");

        Assert.Equal("2026-01-28 18:29:02Z mara (control): POST /v1/jobs/J/retry extend=false → done: It tries again.\n", said.Out);
    }

    [Fact]
    public async Task An_empty_record_is_said_to_be_one()
    {
        await using var bot = await FakeBot.StartAsync();
        bot.Answers(ControlRoutes.History, new AuditList([]));

        Assert.Equal((ExitCodes.Done, "nobody has asked for anything yet\n", ""), Of(await new Prompt(bot.Socket).SayAsync("history")));

        static (int Code, string Out, string Errors) Of(Said said) => (said.Code, said.Out, said.Errors);
    }
}

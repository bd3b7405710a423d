using System.Text;
using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Tests.Clients;

public sealed class MetricsTextTests
{
    [Theory]
    [InlineData("a 1\n", 1.0)]
    [InlineData("a 1", 1.0)]
    [InlineData("a{shard=\"0\"} 1\na{shard=\"1\"} 2.5\n", 3.5)]
    [InlineData("# HELP a what a is\n# TYPE a gauge\na{shard=\"0\"} 1e3\r\n", 1000.0)]
    [InlineData("ab 7\na_total 7\na{x=\"1\"} 2\n", 2.0)]
    [InlineData("a{x=\"brace } and \\\"quote\\\" 9\"} 2 1769624000000\n", 2.0)]
    [InlineData("a -1\na 1\n", 0.0)]
    public void Adds_up_the_samples_of_one_series(string text, double sum) =>
        Assert.Equal(sum, MetricsText.Sum(Encoding.UTF8.GetBytes(text), "a"));

    [Theory]
    [InlineData("")]
    [InlineData("ab 1\n")]
    [InlineData("a NaN\n")]
    [InlineData("a 1\na +Inf\n")]
    [InlineData("a 1\na what\n")]
    [InlineData("a 1x\n")]
    [InlineData("a{x=\"1\" 1\n")]
    [InlineData("# a 1\n")]
    public void What_is_missing_or_no_number_is_not_known(string text) => Assert.Null(MetricsText.Sum(Encoding.UTF8.GetBytes(text), "a"));
}

using Microsoft.Extensions.Configuration;

namespace ScyllaBot.Tests;

public sealed class PlaceholderIdsTests
{
    [Fact]
    public void R16_every_zero_of_the_sample_settings_is_refused_by_its_key()
    {
        var sample = new ConfigurationBuilder().AddJsonFile(Path.Combine(SourceTree.Root, "deploy", "appsettings.Production.json")).Build();
        var zeros = sample.AsEnumerable().Where(v => v.Value is { Length: > 1 } value && value.All(c => c == '0')).Select(v => v.Key).ToList();

        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Settings(sample)).Message;

        Assert.Contains("ScyllaBot:Control:ChatIds:alice", zeros);
        Assert.Equal(7, zeros.Count);
        Assert.All(zeros, key => Assert.Contains($"{key} is 000000000000000000, which is nobody's id", refused, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Discord:ApplicationId", "0")]
    [InlineData("Discord:Channels:anything", "000")]
    [InlineData("Control:ChatIds:alice", "0123456789012345678")]
    [InlineData("Approvals:Groups:dba:0", "0")]
    [InlineData("Approvals:Approvers:production:0", "0")]
    [InlineData("Approvals:Workflows:cleanup:Approvers:0", "0")]
    [InlineData("Approvals:BreakGlass:0", "0")]
    [InlineData("Approvals:Owners:0", "0")]
    public void R16_an_id_that_begins_with_zero_is_nobodys_wherever_ids_stand(string key, string value) =>
        Assert.Contains($"ScyllaBot:{key} is {value}, which", Assert.Throws<StartRefusedException>(() => StartChecks.Settings(Of(key, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Control:ChatIds:alice", "none")]
    [InlineData("Discord:GuildId", "1100000000000000000")]
    [InlineData("Approvals:Sandbox", "0")]
    [InlineData("Approvals:Workflows:cleanup:Count", "0")]
    public void What_is_an_id_or_a_count_passes(string key, string value) => StartChecks.Settings(Of(key, value));

    private static IConfiguration Of(string key, string value) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"ScyllaBot:{key}", (string?)value)]).Build();
}

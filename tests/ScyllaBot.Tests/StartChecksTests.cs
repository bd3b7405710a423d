using Microsoft.Extensions.Configuration;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Tests;

public sealed class StartChecksTests
{
    [Fact]
    public void An_empty_configuration_runs_the_sandbox_with_defaults()
    {
        var configuration = Of();
        var settings = StartChecks.Settings(configuration);

        Assert.False(StartChecks.IsReal(new HostArguments(), settings, configuration));
        Assert.Equal(new HostSettings(), settings);
    }

    [Fact]
    public void The_configuration_that_ships_is_valid_and_says_the_defaults()
    {
        var shipped = new ConfigurationBuilder().AddJsonFile(Path.Combine(SourceTree.Root, "appsettings.json")).Build();

        Assert.Equal(new HostSettings(), StartChecks.Settings(shipped));
    }

    [Fact]
    public void Every_wrong_setting_is_named_at_once()
    {
        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Settings(Of(
            ("ScyllaBot:ResumeOnStart", "never"), ("ScyllaBot:Sandbox:Speed", "0"), ("ScyllaBot:Approvals:Production", "0"),
            ("ScyllaBot:Approvals:PatienceMinutes", "0"))));

        foreach (var setting in (string[])["ResumeOnStart", "Speed", "Production", "PatienceMinutes"])
        {
            Assert.Contains(setting, refused.Message);
        }
    }

    [Theory]
    [InlineData("ScyllaBot:Inventry", "ScyllaBot:Inventry is no setting, did you mean Inventory?")]
    [InlineData("ScyllaBot:Sandbox:Spede", "ScyllaBot:Sandbox:Spede is no setting, did you mean Speed?")]
    [InlineData("ScyllaBot:Approvals:Prodution", "ScyllaBot:Approvals:Prodution is no setting, did you mean Production?")]
    [InlineData("ScyllaBot:Discord:TokenFiel", "ScyllaBot:Discord:TokenFiel is no setting, did you mean TokenFile?")]
    [InlineData("ScyllaBot:Discord:Roles:Aprove:0", "ScyllaBot:Discord:Roles:Aprove is no setting, did you mean Approve?")]
    [InlineData("ScyllaBot:Approvals:Everywhere", "ScyllaBot:Approvals:Everywhere is no setting; there are Approvers, BreakGlass, Groups, Owners, PatienceMinutes, Production, Sandbox, Staging, Workflows")]
    [InlineData("ScyllaBot:Approvals:Workflows:cleanup:Cuont", "ScyllaBot:Approvals:Workflows:cleanup:Cuont is no setting, did you mean Count?")]
    public void A_misspelt_setting_is_named_with_what_was_probably_meant(string key, string says)
    {
        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Settings(Of((key, "1"), ("ScyllaBot:Sandbox:Speed", "0"))));

        Assert.Contains(says, refused.Message);
        Assert.Contains("Speed must be between", refused.Message);
    }

    [Fact]
    public void R16_who_approves_what_is_read_from_the_settings()
    {
        var policy = StartChecks.Approvals(StartChecks.Settings(Of(
            ("ScyllaBot:Approvals:Groups:dba:0", "123"), ("ScyllaBot:Approvals:Workflows:cleanup:Count", "2"), ("ScyllaBot:Approvals:Workflows:cleanup:Approvers:0", "dba"),
            ("ScyllaBot:Approvals:Approvers:production:0", "dba"), ("ScyllaBot:Approvals:BreakGlass:0", "99"), ("ScyllaBot:Approvals:Owners:0", "owners"))));
        Assert.Equal("123", Assert.Single(policy.Groups["dba"]));
        Assert.Equal((2, "dba"), (policy.Workflows["cleanup"].Count, Assert.Single(policy.Workflows["cleanup"].Approvers)));
        Assert.Equal("dba", Assert.Single(policy.Approvers[Core.Clusters.ClusterEnvironment.Production]));
        Assert.Equal(("99", "owners"), (Assert.Single(policy.BreakGlass), Assert.Single(policy.Owners)));
        Assert.Contains("no environment", Assert.Throws<StartRefusedException>(
            () => StartChecks.Approvals(StartChecks.Settings(Of(("ScyllaBot:Approvals:Approvers:prod:0", "1"))))).Message);
        Assert.Contains("Count", Assert.Throws<StartRefusedException>(
            () => StartChecks.Approvals(StartChecks.Settings(Of(("ScyllaBot:Approvals:Workflows:cleanup:Count", "-1"))))).Message);
    }

    [Fact]
    public void Settings_are_spelt_as_one_likes_and_channels_are_named_as_one_likes() => StartChecks.Settings(Of(
        ("scyllabot:sandbox:SPEED", "2"), ("ScyllaBot:Discord:Channels:anything", "1"), ("ScyllaBot:Discord:Roles:read:0", "1")));

    [Fact]
    public void A_setting_of_the_wrong_type_is_named_with_its_path()
    {
        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Settings(Of(("ScyllaBot:Sandbox:Seed", "seven"))));

        Assert.Contains("ScyllaBot:Sandbox:Seed", refused.Message);
    }

    [Fact]
    public void An_inventory_without_a_token_is_refused()
    {
        Assert.Contains("set ScyllaBot__Discord__TokenFile to the path of a file that holds it (or ScyllaBot__Discord__Token), or use --sandbox", Refusal(("ScyllaBot:Inventory", "inventory.yaml")));
    }

    [Theory]
    [InlineData("ScyllaBot:Discord:Token")]
    [InlineData("ScyllaBot:Discord:TokenFile")]
    public void A_token_and_an_inventory_are_real_clusters(string token)
    {
        var configuration = Of(("ScyllaBot:Inventory", "inventory.yaml"), (token, "x"));
        var settings = StartChecks.Settings(configuration);

        Assert.True(StartChecks.IsReal(new HostArguments(), settings, configuration));
        Assert.False(StartChecks.IsReal(new HostArguments { Sandbox = true }, settings, configuration));
        Assert.False(StartChecks.IsReal(new HostArguments { Demo = true }, settings, configuration));
    }

    [Fact]
    public void An_empty_token_hides_no_token_file()
    {
        Assert.Contains("use --sandbox", Refusal(("ScyllaBot:Discord:Token", ""), ("ScyllaBot:Discord:TokenFile", "x")));
        var configuration = Of(("ScyllaBot:Inventory", "inventory.yaml"), ("ScyllaBot:Discord:Token", ""), ("ScyllaBot:Discord:TokenFile", "x"));

        Assert.True(StartChecks.IsReal(new HostArguments(), StartChecks.Settings(configuration), configuration));
    }

    [Theory]
    [InlineData("ScyllaBot:Discord:Token", "x")]
    [InlineData("ScyllaBot:Discord:TokenFile", "x")]
    [InlineData("DOTNET_ENVIRONMENT", "Production")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "production")]
    public void A_real_place_never_gets_the_sandbox_unasked(string key, string value)
    {
        Assert.Contains("use --sandbox", Refusal((key, value)));
    }

    [Fact]
    public void The_sandbox_that_was_asked_for_runs_whatever_is_configured()
    {
        var configuration = Of(("ScyllaBot:Inventory", "inventory.yaml"), ("ScyllaBot:Discord:Token", "x"), ("DOTNET_ENVIRONMENT", "Production"));
        var settings = StartChecks.Settings(configuration);

        Assert.False(StartChecks.IsReal(new HostArguments { Sandbox = true }, settings, configuration));
        Assert.False(StartChecks.IsReal(new HostArguments { Demo = true }, settings, configuration));
    }

    [Fact]
    public void An_inventory_with_mistakes_is_refused_with_all_of_them()
    {
        var refused = Assert.Throws<StartRefusedException>(() => StartChecks.Inventory("inventory", """
            clusters:
              - name: one
                environment: sandbocks
                nodes:
                  - name: a
                    adress: 10.0.0.1
            """));

        Assert.Contains("inventory:3:", refused.Message);
        Assert.Contains("inventory:6:", refused.Message);
    }

    [Fact]
    public void Approvals_are_counted_per_environment()
    {
        var policy = StartChecks.Approvals(StartChecks.Settings(Of(("ScyllaBot:Approvals:Production", "2"), ("ScyllaBot:Approvals:PatienceMinutes", "5"))));

        Assert.Equal((1, 1, 2), (policy.Starts[ClusterEnvironment.Sandbox], policy.Starts[ClusterEnvironment.Staging], policy.Starts[ClusterEnvironment.Production]));
        Assert.Equal(TimeSpan.FromMinutes(5), policy.Patience);
    }

    private static string Refusal(params (string Key, string Value)[] values)
    {
        var configuration = Of(values);
        var settings = StartChecks.Settings(configuration);
        return Assert.Throws<StartRefusedException>(() => StartChecks.IsReal(new HostArguments(), settings, configuration)).Message;
    }

    private static IConfiguration Of(params (string Key, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();
}

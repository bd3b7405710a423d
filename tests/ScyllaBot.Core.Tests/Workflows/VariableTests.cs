using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

public sealed class VariableTests
{
    [Theory]
    [InlineData(VariableType.Integer, "90", "90")]
    [InlineData(VariableType.Integer, "-3", "-3")]
    [InlineData(VariableType.Number, "0.5", "0.5")]
    [InlineData(VariableType.Boolean, "true", "true")]
    [InlineData(VariableType.Duration, "90", "90")]
    [InlineData(VariableType.Duration, "1.5", "1.5")]
    [InlineData(VariableType.Duration, "15m", "900")]
    [InlineData(VariableType.Duration, "24h", "86400")]
    [InlineData(VariableType.Duration, "2d", "172800")]
    [InlineData(VariableType.List, " a ,b,, c", "a, b, c")]
    [InlineData(VariableType.Node, "messages-c-2", "messages-c-2")]
    [InlineData(VariableType.String, " as it is ", " as it is ")]
    public void A_value_of_its_type_is_taken(VariableType type, string given, string text) =>
        Assert.Equal((text, null, null), VariableText.Read(type, given, TestClusters.Messages));

    [Theory]
    [InlineData(VariableType.Integer, "1.5", "is not a whole number")]
    [InlineData(VariableType.Integer, "1,000", "is not a whole number")]
    [InlineData(VariableType.Integer, "99999999999", "is not a whole number")]
    [InlineData(VariableType.Number, "NaN", "is not a number")]
    [InlineData(VariableType.Boolean, "yes", "is neither true nor false")]
    [InlineData(VariableType.Duration, "-5", "is no duration such as 90, 90s, 15m, 24h or 2d")]
    [InlineData(VariableType.Duration, "h", "is no duration such as 90, 90s, 15m, 24h or 2d")]
    [InlineData(VariableType.Duration, "400d", "is no duration such as 90, 90s, 15m, 24h or 2d")]
    [InlineData(VariableType.Node, "messages-z-1", "is not a node of messages-stg")]
    [InlineData(VariableType.String, "a\nb", "holds a line break or another control character")]
    public void A_value_of_another_type_is_refused(VariableType type, string given, string why) =>
        Assert.Equal((null, why), (VariableText.Read(type, given, TestClusters.Messages).Text,
            VariableText.Read(type, given, TestClusters.Messages).WhyNot));

    [Fact]
    public void A_misspelt_node_is_answered_with_the_nearest()
    {
        var text = Written.OnNodes("- task: !scylla-drain", "- name: known\n  type: node");
        var error = Written.TheError(text, ("known", "messages-b1"));
        Assert.Equal((2, "messages-b-1"), (error.Line, error.Suggestion));
    }

    [Fact]
    public void A_required_variable_must_be_given()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drain",
            "- name: a\n  default: 1\n- name: why\n  description: What for"));
        Assert.Equal((4, "variable `why` has no default, so it must be given: What for"), (error.Line, error.Message));
    }

    [Fact]
    public void A_given_variable_that_does_not_exist_is_answered_with_the_nearest()
    {
        var error = Written.TheError(Written.OnNodes("- task: !scylla-drain", "- name: limit\n  default: 1"), ("limt", "2"));
        Assert.Equal(("this workflow has no variable `limt`", "limit"), (error.Message, error.Suggestion));
    }

    [Theory]
    [InlineData("nope", "- name: limit\n  default: 1\n- name: settle\n  default: 2", "this workflow has no variable `nope`; it has limit, settle")]
    [InlineData("nope", "", "this workflow has no variable `nope`, nor any other")]
    public void A_given_variable_that_is_like_none_is_answered_with_all(string given, string declared, string says)
    {
        var error = Written.TheError(declared.Length == 0 ? Written.OnNodes("- task: !scylla-drain") : Written.OnNodes("- task: !scylla-drain", declared), (given, "5"));
        Assert.Equal((says, null), (error.Message, error.Suggestion));
    }

    [Fact]
    public void An_unused_variable_is_fine() =>
        Assert.Equal("1", Written.Loaded(Written.OnNodes("- task: !scylla-drain", "- name: limit\n  default: 1")).Variables["limit"]);

    [Fact]
    public void A_durations_unit_is_gone_where_it_is_used()
    {
        var text = Written.OnNodes("- task: !scylla-drain\n  timeout_seconds: +patience+",
            "- name: patience\n  type: duration\n  default: 2h");
        Assert.Equal(TimeSpan.FromHours(2), Written.Loaded(text).FirstStep().Timeout);
        Assert.Equal(TimeSpan.FromSeconds(30), Written.Loaded(text, ("patience", "30s")).FirstStep().Timeout);
    }

    [Theory]
    [InlineData("- name: cluster", 2, "a variable can not be called `cluster`: the name is built in")]
    [InlineData("- name: a\n  default: 1\n- name: a\n  default: 2", 4, "a variable can not be called `a`: another is")]
    [InlineData("- name: Upper\n  default: 1", 2, "`name` must look like [a-z][a-z0-9_]{0,63}, not \"Upper\"")]
    [InlineData("- name: a\n  type: int\n  default: 1", 3,
        "`type` needs one of string, integer, number, boolean, duration, node, list, not \"int\"")]
    [InlineData("- name: a\n  type: integer\n  default: soon", 4, "the default of `a`: \"soon\" is not a whole number")]
    [InlineData("- name: a\n  default: +cluster+", 3, "a default is taken as it stands: no +variable+ in it")]
    [InlineData("- name: a\n  type: list\n  default: [\"x,y\"]", 4, "an item of a list variable must be text without a comma")]
    [InlineData("- type: integer\n  default: 1", 2, "`variables` needs `name`: Used as +name+")]
    public void A_wrong_declaration_is_told_at_its_place(string variables, int line, string message)
    {
        var error = Assert.Single(Written.Source(Written.OnNodes("- task: !scylla-drain", variables)).Errors);
        Assert.Equal((line, message), (error.Line, error.Message));
    }
}
